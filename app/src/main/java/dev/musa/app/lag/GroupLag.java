package dev.musa.app.lag;

import dev.musa.runtime.kafka.KafkaAdmin;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.runtime.retry.Backoff;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells as metrics how far each group is behind on each topic that it reads: it asks Kafka, so that
 * a reader that does not run is seen too. Nothing waits for it.
 */
public final class GroupLag implements Service {
  private static final Logger log = LoggerFactory.getLogger(GroupLag.class);
  private static final String CLIENT = "musa-group-lag";
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration PERIOD = Duration.ofSeconds(15);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final KafkaConfig kafka;
  private final Map<String, Set<String>> readers;
  private final InstantSource clock;
  private final MultiGauge seconds;
  private final MultiGauge records;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = Thread.ofPlatform().name("group-lag").daemon().unstarted(this::run);

  /** Where the topics ended when they were looked at last. */
  private Map<TopicPartition, Long> endsBefore = Map.of();

  private volatile Health health = Health.ok();

  /** What a group has not read of a topic. */
  private record Lag(long records, double seconds) {}

  /**
   * @param readers the groups that read each topic
   */
  public GroupLag(
      KafkaConfig kafka,
      Map<String, Set<String>> readers,
      MeterRegistry metrics,
      InstantSource clock) {
    this.kafka = kafka;
    this.readers = new TreeMap<>(readers);
    this.readers.values().removeIf(Set::isEmpty);
    this.clock = clock;
    this.seconds =
        MultiGauge.builder("musa.group.lag")
            .description("Age of the oldest record of a topic that a group has not passed")
            .baseUnit("seconds")
            .register(metrics);
    this.records =
        MultiGauge.builder("musa.group.lag.records")
            .description("Offsets of a topic that a group has not passed")
            .register(metrics);
  }

  @Override
  public String name() {
    return "group lag";
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
    try {
      if (thread.isAlive() && !thread.join(CLOSE)) {
        log.atWarn().log("the thread that looks at the groups does not stop and is left behind");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Always ready: what it cannot tell now it tells later. */
  @Override
  public Health health() {
    return health;
  }

  private void run() {
    Backoff backoff = new Backoff(PERIOD, LONGEST_PAUSE, RandomGenerator.getDefault());
    try {
      for (int failures = 0; !pause(failures == 0 ? FIRST : backoff.next(failures)); ) {
        try (AdminClient admin = KafkaAdmin.connect(kafka, CLIENT);
            UnreadRecords unread = UnreadRecords.connect(kafka, CLIENT + "-records")) {
          do {
            look(admin, unread);
            health = Health.ok();
            failures = 0;
          } while (!pause(PERIOD));
          return;
        } catch (InterruptException e) {
          throw e;
        } catch (KafkaException | StartupException | ExecutionException e) {
          failures++;
          log.atWarn().addKeyValue("reason", e.getMessage()).log("how far groups are is not known");
          forget(e);
        } catch (RuntimeException | Error e) {
          // Whatever it is: without this thread nobody would know how far anybody is.
          failures++;
          log.atError().setCause(e).log("how far groups are is not known");
          forget(e);
        }
      }
    } catch (InterruptedException | InterruptException _) {
      log.atDebug().log("closed while it looked at the groups");
    } finally {
      // Who looks at them now tells it.
      show(Map.of());
    }
  }

  /** An old figure would say that all is well. */
  private void forget(Throwable failure) {
    health = Health.ok("the groups cannot be looked at: " + failure);
    show(Map.of());
  }

  /** Whether this is closed. */
  private boolean pause(Duration length) throws InterruptedException {
    return closing.await(length.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Compares what is there with what the groups have passed, and shows it. */
  void look(AdminClient admin, UnreadRecords unread)
      throws InterruptedException, ExecutionException {
    Map<String, Map<TopicPartition, OffsetAndMetadata>> passed = passed(admin);
    Map<String, List<TopicPartition>> partitionsOf = new HashMap<>();
    readers.keySet().forEach(topic -> partitionsOf.put(topic, unread.partitionsOf(topic)));
    List<TopicPartition> partitions = partitionsOf.values().stream().flatMap(List::stream).toList();
    Map<TopicPartition, Long> begins = offsets(admin, partitions, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = offsets(admin, partitions, OffsetSpec.latest());
    Map<Tags, Lag> lags = new HashMap<>();
    readers.forEach((topic, groups) -> {
      for (String group : groups) {
        Map<TopicPartition, OffsetAndMetadata> byGroup = passed.getOrDefault(group, Map.of());
        if (byGroup.isEmpty()) {
          // It has never been there, so this configuration is not that of whoever reads.
          continue;
        }
        Map<TopicPartition, Long> behind = new HashMap<>();
        for (TopicPartition partition : partitionsOf.getOrDefault(topic, List.of())) {
          OffsetAndMetadata at = byGroup.get(partition);
          long begin = begins.getOrDefault(partition, 0L);
          long position = at == null ? begin : Math.max(begin, at.offset());
          if (position < ends.getOrDefault(partition, 0L)) {
            behind.put(partition, position);
          }
        }
        lags.put(Tags.of("group", group, "topic", topic), lag(behind, ends, unread));
      }
    });
    endsBefore = ends;
    show(lags);
  }

  /**
   * @param behind where the group stands on the partitions of which there is more
   */
  private Lag lag(
      Map<TopicPartition, Long> behind, Map<TopicPartition, Long> ends, UnreadRecords unread) {
    long offsets = 0;
    Map<TopicPartition, Long> old = new HashMap<>();
    for (Map.Entry<TopicPartition, Long> each : behind.entrySet()) {
      offsets += ends.getOrDefault(each.getKey(), 0L) - each.getValue();
      // What came after the last look is not worth a fetch.
      if (each.getValue() < endsBefore.getOrDefault(each.getKey(), Long.MAX_VALUE)) {
        old.put(each.getKey(), each.getValue());
      }
    }
    long now = clock.millis();
    long oldest = now;
    if (!old.isEmpty()) {
      for (long timestamp : unread.firstTimestamps(old, ends).values()) {
        oldest = Math.min(oldest, timestamp);
      }
    }
    return new Lag(offsets, (now - oldest) / 1_000.0);
  }

  /** The latest are behind what is committed: nobody gets to read further. */
  private static Map<TopicPartition, Long> offsets(
      AdminClient admin, List<TopicPartition> partitions, OffsetSpec which)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, which));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin
        .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
        .all()
        .get()
        .forEach((partition, found) -> offsets.put(partition, found.offset()));
    return offsets;
  }

  private Map<String, Map<TopicPartition, OffsetAndMetadata>> passed(AdminClient admin)
      throws InterruptedException, ExecutionException {
    Map<String, ListConsumerGroupOffsetsSpec> all = new HashMap<>();
    readers
        .values()
        .forEach(
            groups -> groups.forEach(group -> all.put(group, new ListConsumerGroupOffsetsSpec())));
    return admin.listConsumerGroupOffsets(all).all().get();
  }

  private void show(Map<Tags, Lag> lags) {
    List<Row<?>> inSeconds = new ArrayList<>();
    List<Row<?>> inRecords = new ArrayList<>();
    lags.forEach((tags, lag) -> {
      inSeconds.add(Row.of(tags, lag.seconds()));
      inRecords.add(Row.of(tags, lag.records()));
    });
    seconds.register(inSeconds, true);
    records.register(inRecords, true);
  }
}
