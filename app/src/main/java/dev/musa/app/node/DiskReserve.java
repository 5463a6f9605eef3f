package dev.musa.app.node;

import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.lifecycle.Gate;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shuts the intake while less space than the reserve is usable, so that what is in can drain, and
 * opens it only when a tenth more is, so that it does not flap.
 */
final class DiskReserve {
  private static final Logger log = LoggerFactory.getLogger(DiskReserve.class);
  private static final String KEY = "disk";

  private final Path path;
  private final long reserve;
  private final LongSupplier usable;
  private final Gate gate;
  private boolean shut;

  DiskReserve(Path path, DataSize reserve, LongSupplier usable, Gate gate) {
    this.path = path;
    this.reserve = reserve.bytes();
    this.usable = usable;
    this.gate = gate;
  }

  long usable() {
    return usable.getAsLong();
  }

  /** What must be freed before the intake opens; 0 while it is open. */
  synchronized long missing() {
    return shut ? Math.max(0, opensAt() - usable.getAsLong()) : 0;
  }

  synchronized void check() {
    long free = usable.getAsLong();
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
