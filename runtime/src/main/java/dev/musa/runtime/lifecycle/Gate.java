package dev.musa.runtime.lifecycle;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that is open unless somebody has a reason to hold it shut. Reasons have keys, so that
 * independent holders shut and open it without knowing of each other: it is open when the last
 * reason is gone. An open one can be slowed: then a share of those who ask is turned away. Asking
 * costs two volatile reads.
 */
public final class Gate {

  /** Begins the health detail of a slowed one. */
  public static final String SLOWED = "slowed: ";

  private static final String ONLY = "";

  private final AtomicReference<Held> held = new AtomicReference<>(Held.NOTHING);
  private volatile Slowed slowed = Slowed.NOT;

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

  /**
   * Turns away a share of those who ask by {@link #reason(DoubleSupplier)}.
   *
   * @param share from 0 (none) to 1
   */
  public void slow(double share, String reason) {
    slowed = share <= 0 ? Slowed.NOT : new Slowed(share, reason);
  }

  /** Why the one who asks is turned away, or null if it may pass. */
  public @Nullable String reason(DoubleSupplier random) {
    @Nullable String shut = reason();
    Slowed now = slowed;
    if (shut != null || now.share == 0) {
      return shut;
    }
    return random.getAsDouble() < now.share ? now.reason : null;
  }

  public boolean isOpen() {
    return held.get().text == null;
  }

  /** The reasons that hold it shut, oldest first, or null if it is open. */
  public @Nullable String reason() {
    return held.get().text;
  }

  /** Ready if it is open, also if slowed, else not ready for its reasons. */
  public Health health() {
    @Nullable String reason = reason();
    if (reason != null) {
      return Health.notReady(reason);
    }
    Slowed now = slowed;
    return now.share == 0 ? Health.ok() : Health.ok(SLOWED + now.reason);
  }

  private record Slowed(double share, String reason) {
    static final Slowed NOT = new Slowed(0, "");
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
