package dev.musa.app.node;

import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.lifecycle.Gate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the log does not fill the disk. A backlog alone is no reason to slow the intake:
 * that is what the log is for. Only when the disk would be full within ten minutes at the present
 * growth a part of the requests is refused, the more the sooner that is. And while less space than
 * the reserve is usable everything is, so that what is in can drain, until a tenth more is usable,
 * so that it does not flap.
 */
final class DiskReserve {
  /** The time to full below which intake is slowed. */
  static final Duration SOON = Duration.ofMinutes(10);

  private static final Logger log = LoggerFactory.getLogger(DiskReserve.class);
  private static final String KEY = "disk";

  private final Path path;
  private final long reserve;
  private final LongSupplier usable;
  private final Gate gate;
  private final LogGrowth growth = new LogGrowth();
  private boolean shut;
  private boolean slowed;
  private double secondsToFull = Double.POSITIVE_INFINITY;

  DiskReserve(Path path, DataSize reserve, LongSupplier usable, Gate gate) {
    this.path = path;
    this.reserve = reserve.bytes();
    this.usable = usable;
    this.gate = gate;
  }

  long usable() {
    return usable.getAsLong();
  }

  /**
   * What retention should free at once: up to where the intake opens, or so that ten minutes are
   * left; 0 while there is no need.
   */
  synchronized long missing() {
    long free = usable.getAsLong();
    if (shut) {
      return Math.max(0, opensAt() - free);
    }
    return secondsToFull < SOON.toSeconds()
        ? (long) Math.max(0, growth.bytesPerSecond() * SOON.toSeconds() - (free - reserve))
        : 0;
  }

  /** Seconds until the reserve is reached at the present growth; infinite if that is never. */
  synchronized double secondsToFull() {
    return secondsToFull;
  }

  /**
   * To be called about every second.
   *
   * @param logBytes what the log holds
   */
  synchronized void check(long nanos, long logBytes) {
    growth.add(nanos, logBytes);
    long free = usable.getAsLong();
    double perSecond = growth.bytesPerSecond();
    secondsToFull =
        perSecond <= 0 ? Double.POSITIVE_INFINITY : Math.max(0, free - reserve) / perSecond;
    shutOrOpen(free);
    slow(free);
  }

  private void shutOrOpen(long free) {
    if (free < reserve) {
      String reason = reason(free);
      gate.shut(KEY, reason);
      if (!shut) {
        log.atWarn().addKeyValue("reason", reason).log("intake is refused");
      }
      shut = true;
    } else if (shut && free >= opensAt()) {
      gate.open(KEY);
      log.atInfo().addKeyValue("path", path).addKeyValue("usable", free).log("intake is open");
      shut = false;
    }
  }

  private void slow(long free) {
    boolean soon = secondsToFull < SOON.toSeconds();
    if (soon) {
      String reason =
          "the log grows to the disk reserve of %s at %s within %d s, %s are left: free space, or let the sinks drain"
              .formatted(
                  mebibytes(reserve), path, Math.round(secondsToFull), mebibytes(free - reserve));
      gate.slow(1 - secondsToFull / SOON.toSeconds(), reason);
      if (!slowed) {
        log.atWarn().addKeyValue("reason", reason).log("intake is slowed");
      }
    } else if (slowed) {
      gate.slow(0, "");
      log.atInfo().addKeyValue("path", path).log("intake is not slowed any more");
    }
    slowed = soon;
  }

  private long opensAt() {
    return reserve + reserve / 10;
  }

  private String reason(long free) {
    return "disk nearly full: "
        + mebibytes(free)
        + " usable at "
        + path
        + ", the reserve is "
        + mebibytes(reserve)
        + ": free space until "
        + mebibytes(opensAt())
        + " are usable, or lower node.diskReserve";
  }

  private static String mebibytes(long bytes) {
    return bytes / (1 << 20) + " MiB";
  }
}
