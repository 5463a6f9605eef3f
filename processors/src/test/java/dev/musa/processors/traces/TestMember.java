package dev.musa.processors.traces;

import dev.musa.processors.enrich.TestPods;
import dev.musa.processors.stages.Limits;
import dev.musa.processors.stages.UnitOfWork;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.schemas.Groups;
import dev.musa.schemas.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member of the group whose process can be killed: no commit, no abort, no goodbye. */
final class TestMember {
  private static final Logger log = LoggerFactory.getLogger(TestMember.class);

  private final LoopParts parts;
  private final AtomicReference<Producer<byte[], byte[]>> producer = new AtomicReference<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean killed;
  private volatile boolean stopped;
  private volatile LoopStatus status = LoopStatus.STARTING;
  private Thread thread;

  TestMember(
      String bootstrap,
      Topics topics,
      String member,
      RuleSets rules,
      UnitOfWork.CountSink counts,
      MeterRegistry metrics) {
    KafkaConfig kafka = new KafkaConfig(List.of(bootstrap), Map.of());
    TraceClients clients =
        new TraceClients(kafka, new Groups(topics.prefix()).traces(), member, 1 << 20) {
          @Override
          Producer<byte[], byte[]> producer() {
            producer.set(super.producer());
            return producer.get();
          }
        };
    this.parts =
        new LoopParts(
            new TracesConfig(1, Duration.ofMillis(50), Duration.ofMinutes(10), 100_000, 100_000),
            topics,
            rules,
            new Limits(metrics, 10),
            TestPods.none(),
            clients,
            LoopCounters.of(counts, metrics),
            1 << 20,
            System::nanoTime,
            InstantSource.system(),
            new SplittableRandom());
  }

  void start() {
    killed = false;
    stopped = false;
    thread = Thread.ofPlatform().start(this::run);
  }

  /** At whatever point it is. */
  void kill() throws InterruptedException {
    killed = true;
    Producer<byte[], byte[]> current = producer.get();
    if (current != null) {
      current.close(Duration.ZERO);
    }
    thread.interrupt();
    join();
  }

  void stop() throws InterruptedException {
    stopped = true;
    join();
  }

  LoopStatus status() {
    return status;
  }

  private void join() throws InterruptedException {
    thread.join();
    if (failure.get() != null) {
      throw new AssertionError("member failed", failure.get());
    }
  }

  private void run() {
    try (TracesSession session = new TracesSession(parts)) {
      session.start();
      while (!stopped && !killed) {
        session.turn();
        status = session.status();
      }
      if (stopped) {
        session.finish();
      }
    } catch (RuntimeException e) {
      if (!killed) {
        failure.set(e);
        log.atError().setCause(e).log("member failed");
      }
    }
  }
}
