package dev.musa.benchmarks.backend;

import dev.musa.benchmarks.load.Latency;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.OtlpCursor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Counts the items of requests of one signal, from all threads. */
final class Counter {
  private static final int STATUS_ERROR = 2;
  private static final long HIGHEST_MICROS = TimeUnit.HOURS.toMicros(24);

  private final Signal signal;
  private final LongAdder items = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder errors = new LongAdder();

  /** Of the histogram since the window began; counting needs none. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Recorder delays = new Recorder(HIGHEST_MICROS, 3);

  /** Of this window; the recorder hands out only what is new. */
  private final Histogram delayOfWindow = new Histogram(HIGHEST_MICROS, 3);

  private final ThreadLocal<Walk> walks;
  private volatile long windowFrom;
  private volatile long windowTo = Long.MAX_VALUE;

  Counter(Signal signal) {
    this.signal = signal;
    this.walks = ThreadLocal.withInitial(() -> new Walk(signal));
  }

  static Map<Signal, Counter> ofAll() {
    Map<Signal, Counter> counters = new EnumMap<>(Signal.class);
    for (Signal signal : Signal.values()) {
      counters.put(signal, new Counter(signal));
    }
    return counters;
  }

  void count(InputStream request, long nowUnixNanos) throws IOException {
    Walk walk = walks.get();
    int length = walk.read(request);
    walk.cursor.reset(walk.buffer, 0, length);
    long seen = 0;
    long failed = 0;
    long lastTime = 0;
    long withSameTime = 0;
    while (walk.cursor.next()) {
      seen++;
      long time = walk.time();
      if (time != lastTime) {
        record(nowUnixNanos, lastTime, withSameTime);
        lastTime = time;
        withSameTime = 0;
      }
      withSameTime++;
      if (signal == Signal.TRACES && walk.cursor.span().statusCode() == STATUS_ERROR) {
        failed++;
      }
    }
    record(nowUnixNanos, lastTime, withSameTime);
    items.add(seen);
    errors.add(failed);
    bytes.add(length);
    requests.increment();
  }

  BackendStats.Received received() {
    lock.lock();
    try {
      delayOfWindow.add(delays.getIntervalHistogram());
      return new BackendStats.Received(
          items.sum(), requests.sum(), bytes.sum(), errors.sum(), Latency.ofMicros(delayOfWindow));
    } finally {
      lock.unlock();
    }
  }

  /** Measures delays anew, only of items that carry a time from now on. */
  void beginWindow(long nowUnixNanos) {
    lock.lock();
    try {
      windowFrom = nowUnixNanos;
      windowTo = Long.MAX_VALUE;
      delays.reset();
      delayOfWindow.reset();
    } finally {
      lock.unlock();
    }
  }

  /** Delays of items that carry a later time do not count; those before it may still come. */
  void endWindow(long nowUnixNanos) {
    windowTo = nowUnixNanos;
  }

  void reset() {
    items.reset();
    requests.reset();
    bytes.reset();
    errors.reset();
    beginWindow(0);
  }

  private void record(long nowUnixNanos, long time, long count) {
    if (count > 0 && time >= windowFrom && time < windowTo) {
      long nanos = nowUnixNanos - time;
      delays.recordValueWithCount(Math.clamp(nanos / 1000, 0, HIGHEST_MICROS), count);
    }
  }

  /** What a thread reuses from request to request. */
  private static final class Walk {
    private static final int FIRST_SIZE = 1 << 16;

    final OtlpCursor cursor;
    byte[] buffer = new byte[FIRST_SIZE];

    Walk(Signal signal) {
      this.cursor = new OtlpCursor(signal);
    }

    int read(InputStream in) throws IOException {
      int length = 0;
      while (true) {
        int more = in.read(buffer, length, buffer.length - length);
        if (more < 0) {
          return length;
        }
        length += more;
        if (length == buffer.length) {
          buffer = Arrays.copyOf(buffer, 2 * length);
        }
      }
    }

    long time() {
      return switch (cursor.signal()) {
        case TRACES -> cursor.span().startTimeUnixNano();
        case LOGS -> cursor.logRecord().timeUnixNano();
        case METRICS -> cursor.point().timeUnixNano();
      };
    }
  }
}
