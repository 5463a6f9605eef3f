package dev.musa.k8s;

import dev.musa.k8s.KubernetesConfig.Source;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One list and one watch for each kind of object that is needed. What is around the pods is listed
 * first, so that most pods are complete when they are seen.
 */
final class ApiWatch implements AutoCloseable {
  /** Learns what the API shows, in order for each kind, on threads of the client. */
  interface Listener {
    void shown(HasMetadata object);

    void gone(HasMetadata object);
  }

  private static final Logger log = LoggerFactory.getLogger(ApiWatch.class);

  /** So that a large cluster is not one answer. */
  private static final long PAGE = 500;

  private final KubernetesClient client;
  private final KubernetesConfig config;
  private final Listener listener;
  private final Stubs<Pod> podStubs = new Stubs<>(Pod::new);

  /** Also asked for while it starts. */
  private final List<SharedIndexInformer<?>> informers = new CopyOnWriteArrayList<>();

  ApiWatch(KubernetesClient client, KubernetesConfig config, Listener listener) {
    this.client = client;
    this.config = config;
    this.listener = listener;
  }

  /**
   * Returns once all objects that there are have been shown.
   *
   * @throws KubernetesClientException if the API refuses or does not answer
   */
  void start() {
    begin(Namespace::new, client.namespaces());
    begin(Node::new, client.nodes());
    var apps = client.apps();
    begin(ReplicaSet::new, inScope(apps.replicaSets()));
    begin(Job::new, inScope(client.batch().v1().jobs()));
    beginIf(Source.DEPLOYMENT, Deployment::new, inScope(apps.deployments()));
    beginIf(Source.STATEFULSET, StatefulSet::new, inScope(apps.statefulSets()));
    beginIf(Source.DAEMONSET, DaemonSet::new, inScope(apps.daemonSets()));
    begin(podStubs, inScope(client.pods()));
  }

  private <T> Informable<T> inScope(MixedOperation<T, ?, ?> objects) {
    String namespace = config.filter().namespace();
    return namespace == null ? objects.inAnyNamespace() : objects.inNamespace(namespace);
  }

  /** The pods that the API shows, by name and uid alone. */
  Stream<Pod> pods() {
    return podStubs.values();
  }

  /** Whether all watches stand; else something may have gone unseen for a while. */
  boolean isWatching() {
    return informers.stream().allMatch(SharedIndexInformer::isWatching);
  }

  /** Whether a watch has ended for good. */
  boolean hasEnded() {
    return !informers.stream().allMatch(SharedIndexInformer::isRunning);
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
  }

  /** A watch of objects whose labels nobody wants would only cost. */
  private <T extends HasMetadata> void beginIf(
      Source source, Supplier<T> empty, Informable<T> objects) {
    if (config.extract().takesFrom(source)) {
      begin(empty, objects);
    }
  }

  private <T extends HasMetadata> void begin(Supplier<T> empty, Informable<T> objects) {
    begin(new Stubs<>(empty), objects);
  }

  private <T extends HasMetadata> void begin(Stubs<T> stubs, Informable<T> objects) {
    SharedIndexInformer<T> informer =
        objects
            .withLimit(PAGE)
            .runnableInformer(0)
            .itemStore(stubs)
            .exceptionHandler((started, failure) -> {
              log.atWarn()
                  .addKeyValue("kind", stubs.kind())
                  .addKeyValue("reason", failure.toString())
                  .log("the Kubernetes API does not answer a list or watch");
              return started && isPassing(failure);
            })
            .addEventHandler(new Handler<T>());
    informers.add(informer);
    try {
      informer.start().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof KubernetesClientException refused ? refused : e;
    }
  }

  /** What the API refuses will not become better by asking again. */
  private static boolean isPassing(@Nullable Throwable failure) {
    return !(failure instanceof KubernetesClientException refused)
        || (refused.getCode() != HttpURLConnection.HTTP_UNAUTHORIZED
            && refused.getCode() != HttpURLConnection.HTTP_FORBIDDEN);
  }

  private final class Handler<T extends HasMetadata> implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      listener.shown(object);
    }

    @Override
    public void onUpdate(T before, T object) {
      listener.shown(object);
    }

    @Override
    public void onDelete(T object, boolean unseen) {
      listener.gone(object);
    }
  }
}
