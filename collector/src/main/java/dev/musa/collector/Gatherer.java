package dev.musa.collector;

import dev.musa.collector.SplitRequest.Part;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins what several requests have for one partition into one record, or with many partitions each
 * record would hold an item or two, and repeat their resource for these. A part waits at most the
 * linger time. What waits belongs to requests in flight, so their budget bounds it. Thread-safe.
 */
final class Gatherer implements AutoCloseable {
  /** A record of this size gains nothing from growing, be it by half smaller once it is joined. */
  static final int FULL = 96 << 10;

  /** Records of one partition that wait at a time; they differ in the address of their sender. */
  private static final int MOST_RECORDS = 8;

  private static final Logger log = LoggerFactory.getLogger(Gatherer.class);

  /** Sends a record; never fails, whatever happens the callback hears of. */
  @FunctionalInterface
  interface Outlet {
    void send(Signal signal, int partition, byte[] value, RecordHeaders headers, Callback callback);
  }

  private final long lingerNanos;
  private final int full;
  private final Outlet outlet;
  private final JoinerPool joiners = new JoinerPool(2 * Runtime.getRuntime().availableProcessors());
  private final Map<Signal, Lanes> lanes = new EnumMap<>(Signal.class);
  private final AtomicBoolean anyWaiting = new AtomicBoolean();
  private volatile @Nullable Thread flusher;
  private volatile boolean closed;

  /**
   * @param linger nothing waits if it is zero
   * @param maxRecordBytes the largest value of a record
   */
  Gatherer(Duration linger, int maxRecordBytes, Outlet outlet) {
    this.lingerNanos = linger.toNanos();
    this.full = lingerNanos == 0 ? 0 : Math.min(FULL, maxRecordBytes);
    this.outlet = outlet;
    for (Signal signal : Signal.values()) {
      lanes.put(signal, new Lanes(signal));
    }
  }

  void start() {
    if (lingerNanos > 0) {
      flusher = Thread.ofPlatform().name("collector-gather").daemon().start(this::run);
    }
  }

  void add(Signal signal, Part part, RecordHeaders headers, Callback callback) {
    if (part.value().length >= full || closed) {
      outlet.send(
          signal, part.partition(), part.value(), headers.withItems(part.items()), callback);
      return;
    }
    GatheredRecord ready = lanesOf(signal).of(part.partition()).add(part, headers, callback);
    if (ready != null) {
      ready.send();
    }
    if (!anyWaiting.get() && anyWaiting.compareAndSet(false, true)) {
      LockSupport.unpark(flusher);
    }
    if (closed) {
      flush();
    }
  }

  /** Sends what waits. */
  private void flush() {
    anyWaiting.set(false);
    lanes.values().forEach(Lanes::flush);
  }

  private void run() {
    while (!closed) {
      if (anyWaiting.get()) {
        long until = System.nanoTime() + lingerNanos;
        for (long left = lingerNanos; left > 0 && !closed; left = until - System.nanoTime()) {
          LockSupport.parkNanos(this, left);
        }
        flushWhateverHappens();
      } else {
        LockSupport.park(this);
      }
    }
  }

  private void flushWhateverHappens() {
    try {
      flush();
    } catch (RuntimeException | Error e) {
      // Without this thread every request would wait for ever.
      log.atError().setCause(e).log("gathered records could not be sent");
    }
  }

  /** Sends what waits; from now on nothing does. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(flusher);
    flush();
  }

  private Lanes lanesOf(Signal signal) {
    return Objects.requireNonNull(lanes.get(signal));
  }

  /** The partitions of a topic, as many as are used. */
  private final class Lanes {
    private final Signal signal;
    private final ReentrantLock growth = new ReentrantLock();
    private volatile Lane[] lanes = {};

    Lanes(Signal signal) {
      this.signal = signal;
    }

    Lane of(int partition) {
      Lane[] now = lanes;
      return partition < now.length ? now[partition] : grown(partition)[partition];
    }

    private Lane[] grown(int partition) {
      growth.lock();
      try {
        Lane[] now = lanes;
        if (partition >= now.length) {
          Lane[] more = Arrays.copyOf(now, partition + 1);
          for (int p = now.length; p <= partition; p++) {
            more[p] = new Lane(signal, p);
          }
          now = more;
          lanes = more;
        }
        return now;
      } finally {
        growth.unlock();
      }
    }

    void flush() {
      for (Lane lane : lanes) {
        lane.takeAll().forEach(GatheredRecord::send);
      }
    }
  }

  /** What waits for one partition. */
  private final class Lane {
    private final Signal signal;
    private final int partition;
    private final ReentrantLock lock = new ReentrantLock();
    private List<GatheredRecord> records = new ArrayList<>(2);

    Lane(Signal signal, int partition) {
      this.signal = signal;
      this.partition = partition;
    }

    /** Returns a record that is to be sent before more comes, if there is one. */
    @Nullable GatheredRecord add(Part part, RecordHeaders headers, Callback callback) {
      lock.lock();
      try {
        GatheredRecord ready = null;
        GatheredRecord record = waiting(headers);
        if (record != null && record.bytes() + part.value().length > full) {
          records.remove(record);
          ready = record;
          record = null;
        }
        if (record == null) {
          if (records.size() == MOST_RECORDS) {
            // Only without a full one: that has left its place.
            ready = records.removeFirst();
          }
          record = new GatheredRecord(signal, partition, headers, outlet, joiners);
          records.add(record);
        }
        record.add(part, callback);
        return ready;
      } finally {
        lock.unlock();
      }
    }

    private @Nullable GatheredRecord waiting(RecordHeaders headers) {
      for (GatheredRecord record : records) {
        if (record.takes(headers)) {
          return record;
        }
      }
      return null;
    }

    List<GatheredRecord> takeAll() {
      lock.lock();
      try {
        if (records.isEmpty()) {
          return List.of();
        }
        List<GatheredRecord> taken = records;
        records = new ArrayList<>(2);
        return taken;
      } finally {
        lock.unlock();
      }
    }
  }
}
