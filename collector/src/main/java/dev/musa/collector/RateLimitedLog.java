package dev.musa.collector;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** Logs a problem at once, and then at most every ten seconds with how often it has come since. */
final class RateLimitedLog {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

  private record Window(long startNanos, long suppressed) {}

  private final Logger log;
  private final LongSupplier nanoClock;
  private final Map<String, Window> windows = new ConcurrentHashMap<>();

  RateLimitedLog(Logger log, LongSupplier nanoClock) {
    this.log = log;
    this.nanoClock = nanoClock;
  }

  /** The problem is the text that is rate-limited; the detail may differ each time. */
  void log(Level level, String problem, String topic, Throwable cause) {
    long now = nanoClock.getAsLong();
    Window before = windows.get(problem);
    if (before != null && now - before.startNanos() < INTERVAL_NANOS) {
      windows.computeIfPresent(
          problem, (_, window) -> new Window(window.startNanos(), window.suppressed() + 1));
      return;
    }
    Window next = new Window(now, 0);
    if (before == null
        ? windows.putIfAbsent(problem, next) != null
        : !windows.replace(problem, before, next)) {
      return;
    }
    log.atLevel(level)
        .addKeyValue("topic", topic)
        .addKeyValue("cause", cause.toString())
        .addKeyValue("suppressed", before == null ? 0 : before.suppressed())
        .log(problem);
    log.atDebug().setCause(cause).log(problem);
  }
}
