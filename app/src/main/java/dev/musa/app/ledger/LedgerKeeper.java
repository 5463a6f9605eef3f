package dev.musa.app.ledger;

import dev.musa.runtime.http.HttpAnswer;
import dev.musa.runtime.http.HttpQuery;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.runtime.retry.Backoff;
import dev.musa.schemas.TopicLayout;
import dev.musa.schemas.Topics;
import dev.musa.schemas.ledger.AccountTotals;
import dev.musa.schemas.ledger.LedgerCodec;
import dev.musa.schemas.ledger.MalformedLedgerException;
import dev.musa.schemas.ledger.Snapshot;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the ledger: shows it as metrics and at {@code /ledger}, and writes its sum every minute,
 * so that nobody has to read it from the beginning. Nothing waits for it; what it missed it reads
 * later.
 */
public final class LedgerKeeper implements Service {
  private static final Logger log = LoggerFactory.getLogger(LedgerKeeper.class);
  private static final String CLIENT = "musa-ledger";
  private static final Duration FOLLOW = Duration.ofSeconds(1);
  private static final Duration SNAPSHOTS = Duration.ofMinutes(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  /** One account's sum; what the topic takes. */
  private static final int SNAPSHOT_BYTES = TopicLayout.SNAPSHOT_BYTES;

  private final KafkaConfig kafka;
  private final Topics topics;
  private final LedgerMeters meters;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = Thread.ofPlatform().name("ledger").daemon().unstarted(this::run);
  private volatile @Nullable LedgerReader current;
  private volatile @Nullable Balance balance;
  private volatile Health health = Health.ok("the ledger is being read");

  public LedgerKeeper(KafkaConfig kafka, Topics topics, MeterRegistry metrics) {
    this.kafka = kafka;
    this.topics = topics;
    this.meters = new LedgerMeters(metrics);
  }

  @Override
  public String name() {
    return "ledger";
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    closing.countDown();
    LedgerReader reader = current;
    if (reader != null) {
      reader.wakeup();
    }
    try {
      if (thread.isAlive() && !thread.join(CLOSE)) {
        log.atWarn().log("the ledger's thread does not stop and is left behind");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Always ready: it is told in the detail if the ledger cannot be read. */
  @Override
  public Health health() {
    return health;
  }

  /** The balance without what is in flight, as JSON; for the admin server. */
  public HttpAnswer answer(HttpQuery query) {
    Balance now = balance;
    return now == null
        ? HttpAnswer.text(503, "the ledger has not been read yet: " + health.detail())
        : new HttpAnswer(200, "application/json", BalanceJson.of(now));
  }

  private void run() {
    Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, RandomGenerator.getDefault());
    for (int failures = 0; !isClosing(); ) {
      try (LedgerReader reader = LedgerReader.connect(kafka, topics, CLIENT);
          Producer<byte[], byte[]> producer = producer()) {
        current = reader;
        reader.readAll();
        health = Health.ok();
        failures = 0;
        keep(reader, producer);
      } catch (WakeupException | InterruptException e) {
        log.atDebug().setCause(e).log("the ledger is closed");
      } catch (KafkaException | StartupException | MalformedLedgerException e) {
        health = Health.ok("the ledger cannot be read: " + e.getMessage());
        log.atWarn().addKeyValue("reason", e.getMessage()).log("the ledger is read again");
        pause(backoff.next(failures++));
      } catch (RuntimeException | Error e) {
        // Whatever it is: without this thread the figures would stand still and nobody would know.
        health = Health.ok("the ledger cannot be kept: " + e);
        log.atError().setCause(e).log("the ledger is read again");
        pause(backoff.next(failures++));
      } finally {
        current = null;
      }
    }
  }

  private void keep(LedgerReader reader, Producer<byte[], byte[]> producer) {
    long nextSnapshot = System.nanoTime() + SNAPSHOTS.toNanos();
    long nextLook = System.nanoTime();
    boolean news = true;
    while (!isClosing()) {
      long now = System.nanoTime();
      if (news && now - nextLook >= 0) {
        look(reader);
        news = false;
        // With many tenants it takes a while: a twentieth of the time at most.
        nextLook = now + Math.max(FOLLOW.toNanos(), 20 * (System.nanoTime() - now));
      }
      if (now - nextSnapshot >= 0) {
        nextSnapshot = now + SNAPSHOTS.toNanos();
        write(reader.book().takeChanges(), producer);
      }
      news |= reader.follow(FOLLOW);
    }
  }

  private void look(LedgerReader reader) {
    Balance now = Balance.of(reader.book().accounts(), Map.of(), topics).withNotes(reader.notes());
    warnOfNews(now);
    balance = now;
    meters.show(now);
  }

  private void warnOfNews(Balance now) {
    Balance before = balance;
    if (!now.isBalanced() && (before == null || !now.differences().equals(before.differences()))) {
      log.atError()
          .addKeyValue("differences", now.differences())
          .log("the ledger does not balance; `musa ledger` says where");
    }
  }

  /** Each account by itself, then how far they reach together. */
  private void write(Map<Integer, Snapshot> snapshots, Producer<byte[], byte[]> producer) {
    List<Future<RecordMetadata>> answers = new ArrayList<>();
    snapshots.forEach((partition, snapshot) -> {
      for (AccountTotals each : snapshot.accounts()) {
        answers.add(
            send(
                producer,
                new SnapshotKey(partition, each.account().key()),
                new Snapshot(snapshot.position(), List.of(each))));
      }
    });
    awaitAll(answers);
    answers.clear();
    snapshots.forEach((partition, snapshot) ->
        answers.add(
            send(
                producer,
                new SnapshotKey(partition, ""),
                new Snapshot(snapshot.position(), List.of()))));
    awaitAll(answers);
  }

  private Future<RecordMetadata> send(
      Producer<byte[], byte[]> producer, SnapshotKey key, Snapshot snapshot) {
    return producer.send(
        new ProducerRecord<>(topics.ledgerSnapshot(), 0, key.bytes(), LedgerCodec.write(snapshot)));
  }

  private static void awaitAll(List<Future<RecordMetadata>> answers) {
    for (Future<RecordMetadata> answer : answers) {
      try {
        answer.get();
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      } catch (ExecutionException e) {
        throw new KafkaException("a snapshot of the ledger could not be written", e.getCause());
      }
    }
  }

  private Producer<byte[], byte[]> producer() {
    Map<String, Object> properties = new HashMap<>(kafka.producerProperties(CLIENT + "-snapshot"));
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, SNAPSHOT_BYTES);
    return new KafkaProducer<>(properties);
  }

  private void pause(Duration pause) {
    try {
      if (closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        log.atDebug().log("closed while waiting");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      closing.countDown();
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }
}
