package dev.musa.runtime.lifecycle;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Something that is open unless somebody has a reason to hold it shut. Reasons have keys, so that
 * independent holders shut and open it without knowing of each other: it is open when the last
 * reason is gone. Asking costs one volatile read.
 */
public final class Gate {

  private static final String ONLY = "";

  private final AtomicReference<Held> held = new AtomicReference<>(Held.NOTHING);

  /** Shuts under the one key of {@link #open()}, replacing its earlier reason. */
  public void shut(String reason) {
    shut(ONLY, reason);
  }

  /** Takes back {@link #shut(String)}; reasons under other keys remain. */
  public void open() {
    open(ONLY);
  }

  /** Shuts under this key, replacing its earlier reason. */
  public void shut(String key, String reason) {
    held.updateAndGet(now -> now.with(key, reason));
  }

  /** Takes back the reason under this key, if there is one. */
  public void open(String key) {
    held.updateAndGet(now -> now.without(key));
  }

  public boolean isOpen() {
    return held.get().text == null;
  }

  /** The reasons that hold it shut, oldest first, or null if it is open. */
  public @Nullable String reason() {
    return held.get().text;
  }

  /** Ready if it is open, else not ready for its reasons. */
  public Health health() {
    @Nullable String reason = reason();
    return reason == null ? Health.ok() : Health.notReady(reason);
  }

  private record Held(Map<String, String> reasons, @Nullable String text) {

    static final Held NOTHING = new Held(Map.of(), null);

    Held with(String key, String reason) {
      if (reason.equals(reasons.get(key))) {
        return this;
      }
      Map<String, String> next = new LinkedHashMap<>(reasons);
      next.put(key, reason);
      return of(next);
    }

    Held without(String key) {
      if (!reasons.containsKey(key)) {
        return this;
      }
      Map<String, String> next = new LinkedHashMap<>(reasons);
      next.remove(key);
      return of(next);
    }

    private static Held of(Map<String, String> reasons) {
      return reasons.isEmpty() ? NOTHING : new Held(reasons, String.join("; ", reasons.values()));
    }
  }
}
