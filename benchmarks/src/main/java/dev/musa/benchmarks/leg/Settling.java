package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.backend.BackendClient;
import dev.musa.benchmarks.kafka.Cluster;
import dev.musa.benchmarks.payload.Traffic;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Signal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waits until what is on Kafka has come out. */
final class Settling {
  private static final Duration LOOK = Duration.ofMillis(250);

  private final Subject subject;
  private final Traffic traffic;
  private final @Nullable Cluster cluster;
  private final @Nullable BackendClient backend;
  private final Duration quiet;
  private final Duration patience;

  /**
   * @param quiet how long the backend must have got nothing more
   * @param patience how long nothing may move while something is still to come
   */
  Settling(
      Subject subject,
      Traffic traffic,
      @Nullable Cluster cluster,
      @Nullable BackendClient backend,
      Duration quiet,
      Duration patience) {
    this.subject = subject;
    this.traffic = traffic;
    this.cluster = cluster;
    this.backend = backend;
    this.quiet = quiet;
    this.patience = patience;
  }

  /** What has passed so far: records that the group has committed and items at the backend. */
  record Progress(long committed, long records, long delivered) {
    boolean isRead() {
      return committed >= records;
    }
  }

  /** Hears of each look. */
  interface Watcher {
    void look(Progress progress) throws InterruptedException;
  }

  /** Returns when the last item came, by {@link System#nanoTime()}. */
  long await(Watcher watcher) throws InterruptedException {
    Progress last = progress();
    long moved = System.nanoTime();
    while (true) {
      Thread.sleep(LOOK);
      subject.check();
      Progress now = progress();
      watcher.look(now);
      long time = System.nanoTime();
      if (!now.equals(last)) {
        last = now;
        moved = time;
      }
      if (now.isRead() && time - moved > quiet.toNanos()) {
        return moved;
      }
      if (time - moved > patience.toNanos()) {
        throw new StartupException(
            "nothing moves: %,d of %,d records are read and %,d items delivered since %d s"
                .formatted(now.committed, now.records, now.delivered, patience.toSeconds()));
      }
    }
  }

  Progress progress() throws InterruptedException {
    long committed = 0;
    long records = 0;
    if (cluster != null) {
      for (Signal signal : Signal.values()) {
        if (traffic.contains(signal)) {
          committed += cluster.committed(subject.group(signal), subject.topic(signal));
          records += cluster.records(subject.topic(signal));
        }
      }
    }
    return new Progress(committed, records, backend == null ? 0 : backend.stats().items());
  }
}
