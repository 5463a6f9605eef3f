package dev.musa.benchmarks.load;

import dev.musa.benchmarks.payload.Pool;
import dev.musa.benchmarks.payload.Stamp;
import dev.musa.benchmarks.payload.Template;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Drives an OTLP endpoint with the requests of a pool, round and round.
 *
 * <p>In the closed loop the end of a call sends the next one, on the same thread. In the open loop
 * a pacer sends what is due and latency counts from then on, so that waiting for a slow endpoint
 * counts as well (no coordinated omission).
 */
public final class LoadGenerator implements AutoCloseable {
  private static final Duration AFTER_FAILURE = Duration.ofMillis(50);
  private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(10);
  private static final long SPIN_NANOS = 50_000;

  private final Pool pool;
  private final Pace pace;
  private final long seed;
  private final EventLoopGroup threads;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final BlockingQueue<Slot> free;
  private final AtomicLong next = new AtomicLong();
  private final AtomicInteger underWay = new AtomicInteger();
  private final Tally tally = new Tally();
  private final Recorder latency = new Recorder(HIGHEST_MICROS, 3);
  private final CountDownLatch idle = new CountDownLatch(1);
  private final long startNanos = System.nanoTime();
  private final long startUnixNanos = unixNanos();
  private volatile boolean stopping;
  private volatile boolean windowBegins;
  private volatile long windowNanos = startNanos;
  private @Nullable Thread pacer;

  /** A generator for an endpoint; two with different seeds never send the same ids. */
  public LoadGenerator(InetSocketAddress target, Pool pool, Pace pace, long seed) {
    this.pool = pool;
    this.pace = pace;
    this.seed = seed;
    this.free = new ArrayBlockingQueue<>(pace.concurrency());
    this.threads =
        new MultiThreadIoEventLoopGroup(
            Math.min(pace.channels(), Runtime.getRuntime().availableProcessors()),
            NioIoHandler.newFactory());
    for (int i = 0; i < pace.channels(); i++) {
      channels.add(
          NettyChannelBuilder.forAddress(target)
              .usePlaintext()
              .directExecutor()
              .eventLoopGroup(threads)
              .channelType(NioSocketChannel.class)
              .flowControlWindow(4 << 20)
              .build());
    }
    for (int i = 0; i < pace.concurrency(); i++) {
      free.add(new Slot(channels.get(i % channels.size()), pool.largest(), this::ended));
    }
  }

  public void start() {
    underWay.incrementAndGet();
    if (pace.isClosedLoop()) {
      List<Slot> slots = new ArrayList<>();
      free.drainTo(slots);
      slots.forEach(slot -> {
        underWay.incrementAndGet();
        send(slot, System.nanoTime());
      });
    } else {
      pacer = Thread.ofPlatform().name("bench-pacer").start(this::sendWhatIsDue);
    }
  }

  /** What was sent since the start. */
  public LoadCounts counts() {
    return tally.counts();
  }

  /**
   * Measures latency anew, only of calls that become due from now on: what a cold endpoint has left
   * undone is not made up for.
   */
  public void beginWindow() {
    windowNanos = System.nanoTime();
    latency.reset();
    windowBegins = true;
  }

  /** Latency of the calls of the window that ended since the last call of this, in microseconds. */
  public Histogram takeLatency() {
    return latency.getIntervalHistogram();
  }

  /** Sends nothing more; false if some calls have not ended by then. */
  public boolean stop(Duration limit) throws InterruptedException {
    if (!stopping) {
      stopping = true;
      Thread waiting = pacer;
      if (waiting != null) {
        waiting.interrupt();
        waiting.join();
      }
      leave();
    }
    return idle.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void sendWhatIsDue() {
    double items = 0;
    long begin = System.nanoTime();
    try {
      while (!stopping) {
        if (windowBegins) {
          windowBegins = false;
          begin = System.nanoTime();
          items = 0;
        }
        long due = begin + (long) (items / pace.itemsPerSecond() * 1e9);
        sleepUntil(due);
        Slot slot = free.take();
        underWay.incrementAndGet();
        items += send(slot, due);
      }
    } catch (InterruptedException _) {
      // stop() wakes it up.
    }
  }

  private void sleepUntil(long dueNanos) {
    long wait = dueNanos - System.nanoTime();
    while (wait > SPIN_NANOS && !stopping) {
      LockSupport.parkNanos(wait);
      wait = dueNanos - System.nanoTime();
    }
  }

  private int send(Slot slot, long dueNanos) {
    long number = next.getAndIncrement();
    int size = pool.templates().size();
    Template template = pool.templates().get((int) (number % size));
    tally.sent(template);
    Stamp stamp = Stamp.ofCycle(seed, number / size, startUnixNanos + (dueNanos - startNanos));
    slot.send(template, stamp, dueNanos);
    return template.items();
  }

  private void ended(Slot slot, Status status, byte @Nullable [] reply) {
    if (slot.dueNanos() - windowNanos >= 0) {
      long micros = (System.nanoTime() - slot.dueNanos()) / 1000;
      latency.recordValue(Math.clamp(micros, 0, HIGHEST_MICROS));
    }
    if (status.isOk()) {
      tally.acknowledged(slot.template(), Replies.rejected(slot.template().signal(), reply));
    } else {
      tally.failed(slot.template(), status.getCode().toString());
    }
    if (stopping || !pace.isClosedLoop()) {
      free.add(slot);
      leave();
    } else if (status.isOk()) {
      send(slot, System.nanoTime());
    } else {
      var _ = threads.schedule(() -> again(slot), AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void again(Slot slot) {
    if (stopping) {
      leave();
    } else {
      send(slot, System.nanoTime());
    }
  }

  private void leave() {
    if (underWay.decrementAndGet() == 0) {
      idle.countDown();
    }
  }

  private static long unixNanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /** Ends all calls and connections. */
  @Override
  public void close() {
    stopping = true;
    channels.forEach(ManagedChannel::shutdownNow);
    var _ = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
