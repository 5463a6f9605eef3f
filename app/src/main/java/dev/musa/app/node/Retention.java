package dev.musa.app.node;

import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.storage.internals.log.LogSegment;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes from the embedded node's topics what is over the age or size that is to be kept <em>and
 * </em> has been passed by every reader of its topic. A reader that has no committed position yet
 * holds everything.
 *
 * <p>While the disk is nearly full it deletes passed records earlier than their age, so that the
 * intake can open again.
 */
public final class Retention implements Service {
  private static final Logger log = LoggerFactory.getLogger(Retention.class);
  private static final Duration PERIOD = Duration.ofSeconds(30);
  private static final int ANSWER_LIMIT_MS = 10_000;

  private final EmbeddedNode node;
  private final NodeConfig config;
  private final Map<String, Set<String>> readers;
  private final InstantSource clock;
  private final Map<String, Long> kept = new ConcurrentHashMap<>();
  private final Map<String, Long> held = new ConcurrentHashMap<>();
  private final ScheduledExecutorService schedule =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("musa-retention").daemon().factory());
  private volatile long excess;
  private volatile @Nullable String failure;
  private @Nullable Admin admin;
  private boolean holdingBack;

  /**
   * @param readers the consumer groups that read each topic; only topics that stand here are
   *     deleted from, those with no group by age and size alone
   */
  public Retention(
      EmbeddedNode node,
      NodeConfig config,
      Map<String, Set<String>> readers,
      MeterRegistry metrics,
      InstantSource clock) {
    this.node = node;
    this.config = config;
    this.readers =
        readers.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> Set.copyOf(e.getValue())));
    this.clock = clock;
    gauges(metrics);
  }

  @Override
  public String name() {
    return "retention";
  }

  /** Begins with a first round after one period. */
  @Override
  public void start() {
    Map<String, Object> settings =
        new KafkaConfig(List.of(node.bootstrapServers()), Map.of())
            .clientProperties("musa-retention");
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_LIMIT_MS);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_LIMIT_MS);
    admin = Admin.create(settings);
    var _ =
        schedule.scheduleWithFixedDelay(
            this::run, PERIOD.toSeconds(), PERIOD.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    schedule.shutdownNow();
    Admin opened = admin;
    if (opened != null) {
      opened.close(Duration.ZERO);
    }
  }

  /** Always ready: what it fails to delete is still there in the next round. */
  @Override
  public Health health() {
    String last = failure;
    return last == null ? Health.ok() : Health.ok("the last round failed: " + last);
  }

  /** One round: deletes what may be deleted now. */
  void round() throws InterruptedException, ExecutionException {
    ReaderPositions positions = positions();
    List<RetentionPlan.Partition> partitions = new ArrayList<>();
    for (UnifiedLog partition : node.partitions()) {
      Set<String> groups = readers.get(partition.topicPartition().topic());
      if (groups != null) {
        partitions.add(view(partition, positions.passed(partition, groups)));
      }
    }
    RetentionPlan plan =
        new RetentionPlan(
            partitions,
            clock.millis() - config.retentionAge().toMillis(),
            config.retentionSize().bytes(),
            node.missingSpace());
    delete(plan.cuts());
    report(plan, positions);
  }

  private void run() {
    try {
      round();
      failure = null;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | RuntimeException e) {
      failure = String.valueOf(e.getMessage());
      log.atWarn().addKeyValue("reason", failure).log("retention failed, it tries again");
    }
  }

  private ReaderPositions positions() throws InterruptedException, ExecutionException {
    Map<String, ListConsumerGroupOffsetsSpec> all = new HashMap<>();
    readers.values().stream()
        .flatMap(Set::stream)
        .forEach(group -> all.put(group, new ListConsumerGroupOffsetsSpec()));
    if (all.isEmpty()) {
      return new ReaderPositions(Map.of());
    }
    Map<String, Map<TopicPartition, OffsetAndMetadata>> committed =
        admin().listConsumerGroupOffsets(all).all().get();
    return new ReaderPositions(committed);
  }

  private void delete(Map<TopicPartition, Long> cuts)
      throws InterruptedException, ExecutionException {
    if (cuts.isEmpty()) {
      return;
    }
    Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
    cuts.forEach((partition, cut) -> before.put(partition, RecordsToDelete.beforeOffset(cut)));
    admin().deleteRecords(before).all().get();
    log.atDebug().addKeyValue("partitions", cuts.keySet()).log("deleted");
  }

  private void report(RetentionPlan plan, ReaderPositions positions) {
    kept.putAll(plan.kept());
    held.putAll(plan.held());
    excess = plan.excess();
    boolean holding = excess > 0 || held.values().stream().anyMatch(bytes -> bytes > 0);
    if (holding && !holdingBack) {
      Set<String> topics = new TreeSet<>();
      held.forEach((topic, bytes) -> topics.addAll(bytes > 0 ? Set.of(topic) : Set.of()));
      log.atWarn()
          .addKeyValue("topics", topics)
          .addKeyValue("readers", positions.slowest())
          .addKeyValue("excess", excess)
          .log("readers hold back what should be deleted by now");
    } else if (!holding && holdingBack) {
      log.atInfo().log("readers hold back nothing any more");
    }
    holdingBack = holding;
  }

  private static RetentionPlan.Partition view(UnifiedLog partition, long passed) {
    List<LogSegment> segments = List.copyOf(partition.logSegments());
    List<RetentionPlan.Segment> views = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      LogSegment s = segments.get(i);
      boolean active = i == segments.size() - 1;
      long end = active ? partition.logEndOffset() : segments.get(i + 1).baseOffset();
      try {
        views.add(
            new RetentionPlan.Segment(s.baseOffset(), end, s.size(), s.largestTimestamp(), active));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new RetentionPlan.Partition(
        partition.topicPartition(), partition.logStartOffset(), passed, views);
  }

  private Admin admin() {
    Admin opened = admin;
    if (opened == null) {
      throw new IllegalStateException("retention is not started");
    }
    return opened;
  }

  private void gauges(MeterRegistry metrics) {
    for (String topic : readers.keySet()) {
      Gauge.builder("musa.retention.kept", kept, k -> k.getOrDefault(topic, 0L))
          .description("what the segments of a topic hold after the last round")
          .baseUnit("bytes")
          .tag("topic", topic)
          .register(metrics);
      Gauge.builder("musa.retention.held", held, h -> h.getOrDefault(topic, 0L))
          .description("of these what is over the age, but not passed by every reader")
          .baseUnit("bytes")
          .tag("topic", topic)
          .register(metrics);
    }
    Gauge.builder("musa.retention.excess", this, r -> r.excess)
        .description("what all topics hold above the size that is to be kept")
        .baseUnit("bytes")
        .register(metrics);
  }
}
