package dev.musa.k8s;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an informer has to remember of the API's objects: that they are there, in which version.
 * Everything else is taken over when it is shown.
 */
final class Stubs<T extends HasMetadata> implements ItemStore<T> {
  private final Map<String, T> stubs = new ConcurrentHashMap<>();
  private final Supplier<T> empty;

  Stubs(Supplier<T> empty) {
    this.empty = empty;
  }

  /** What kind of objects these are. */
  String kind() {
    return empty.get().getKind();
  }

  @Override
  public String getKey(T object) {
    return object.getMetadata().getUid();
  }

  @Override
  public @Nullable T put(String key, T object) {
    ObjectMeta meta = object.getMetadata();
    T stub = empty.get();
    stub.setMetadata(
        new ObjectMetaBuilder()
            .withUid(meta.getUid())
            .withName(meta.getName())
            .withNamespace(meta.getNamespace())
            .withResourceVersion(meta.getResourceVersion())
            .build());
    return stubs.put(key, stub);
  }

  @Override
  public @Nullable T remove(String key) {
    return stubs.remove(key);
  }

  @Override
  public Stream<String> keySet() {
    return stubs.keySet().stream();
  }

  @Override
  public Stream<T> values() {
    return stubs.values().stream();
  }

  @Override
  public int size() {
    return stubs.size();
  }

  @Override
  public @Nullable T get(String key) {
    return stubs.get(key);
  }

  @Override
  public boolean isFullState() {
    return false;
  }
}
