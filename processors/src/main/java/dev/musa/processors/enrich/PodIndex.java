package dev.musa.processors.enrich;

import dev.musa.runtime.kafka.FollowedTopic;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.kafka.TopicFollower;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Topics;
import dev.musa.schemas.metadata.MalformedMetadataException;
import dev.musa.schemas.metadata.MetadataCodec;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the pods of all clusters that are watched, by following the metadata topic; one for all
 * threads of a process. It has read the topic to its end when {@link #start} returns.
 */
public final class PodIndex implements Service {
  private static final Logger log = LoggerFactory.getLogger(PodIndex.class);

  /** What data points tell of their pod, in the order of the keys of the map. */
  private static final List<KeyPart> BY_NAME =
      List.of(new KeyPart("k8s.namespace.name"), new KeyPart("k8s.pod.name"));

  private final EnrichConfig config;
  private final List<PodRule> rules;
  private final List<List<KeyPart>> maps;
  private final int mapByName;
  private final Counter malformed;
  private final Counter oversized;
  private final Reading reader;
  private final TopicFollower follower;
  private final ThreadLocal<JoinCache> caches = ThreadLocal.withInitial(JoinCache::new);
  private final ThreadLocal<UnknownKeys> unknownKeys = ThreadLocal.withInitial(UnknownKeys::new);
  private final MultiGauge behind;
  private final InstantSource clock;
  private volatile Map<String, PodTable> tables = Map.of();

  /**
   * @param clock to tell how old it is what is known
   */
  public PodIndex(
      EnrichConfig config,
      KafkaConfig kafka,
      Topics topics,
      MeterRegistry registry,
      InstantSource clock) {
    this(
        config,
        () -> FollowedTopic.open(kafka.clientProperties("pod-index"), topics.kubernetesMetadata()),
        registry,
        clock);
  }

  PodIndex(
      EnrichConfig config,
      Supplier<FollowedTopic> open,
      MeterRegistry registry,
      InstantSource clock) {
    this.config = config;
    this.clock = clock;
    List<List<KeyPart>> keys = new ArrayList<>();
    List<PodRule> compiled = new ArrayList<>();
    for (EnrichConfig.Association association : config.podAssociation()) {
      // Sorted, so that what leads to the same pods shares a map however it is written.
      List<KeyPart> parts =
          association.sources().stream()
              .map(source -> new KeyPart(source.name()))
              .sorted(Comparator.comparing(KeyPart::what))
              .toList();
      compiled.add(PodRule.of(map(parts, keys), parts));
    }
    this.rules = List.copyOf(compiled);
    this.mapByName = map(BY_NAME, keys);
    this.maps = List.copyOf(keys);
    this.malformed =
        Counter.builder("musa.kubernetes.index.malformed")
            .description("Records of the metadata topic that this process cannot read")
            .register(registry);
    Gauge.builder("musa.kubernetes.index.pods", this, PodIndex::pods)
        .description("Pods that this process knows, those that are gone and not forgotten too")
        .register(registry);
    this.oversized =
        Counter.builder("musa.kubernetes.index.oversized")
            .description("Attributes of pods that are not added because they are too large")
            .register(registry);
    this.behind =
        MultiGauge.builder("musa.kubernetes.index.behind")
            .description("How long ago the API of a cluster was as this process knows it")
            .baseUnit("seconds")
            .register(registry);
    this.reader = new Reading();
    this.follower = new TopicFollower("pod-index", open, reader);
  }

  @Override
  public String name() {
    return "pod index";
  }

  @Override
  public void start() {
    if (!config.enabled()) {
      return;
    }
    try {
      follower.start();
    } catch (KafkaException e) {
      throw new StartupException(
          "the metadata topic cannot be read: "
              + e.getMessage()
              + "; check that Kafka answers at kafka.bootstrapServers",
          e);
    }
  }

  @Override
  public void close() {
    follower.close();
  }

  @Override
  public Health health() {
    return Health.ok();
  }

  EnrichConfig config() {
    return config;
  }

  List<PodRule> rules() {
    return rules;
  }

  /** The number of the map by namespace and name, in this order; there is always one. */
  int mapByName() {
    return mapByName;
  }

  /** The pods of a cluster; null if it is not watched. */
  @Nullable PodTable of(String cluster) {
    return tables.get(cluster);
  }

  /** What was added to resources on the calling thread. */
  JoinCache cache() {
    return caches.get();
  }

  /** Keys that senders name on the calling thread and no pod has. */
  UnknownKeys unknownKeys() {
    return unknownKeys.get();
  }

  /** What the topic is read with. */
  public TopicFollower.Reader reader() {
    return reader;
  }

  /** Whether no cluster is watched. */
  boolean isEmpty() {
    return tables.isEmpty();
  }

  /** The number of the map with these keys, which is added if it is not there. */
  private static int map(List<KeyPart> parts, List<List<KeyPart>> maps) {
    List<String> what = parts.stream().map(KeyPart::what).toList();
    for (int i = 0; i < maps.size(); i++) {
      if (maps.get(i).stream().map(KeyPart::what).toList().equals(what)) {
        return i;
      }
    }
    maps.add(parts);
    return maps.size() - 1;
  }

  private void reportAges() {
    behind.register(
        tables.entrySet().stream()
            .map(each -> Row.of(Tags.of("cluster", each.getKey()), each.getValue(), this::age))
            .toList(),
        true);
  }

  private double age(PodTable pods) {
    return Math.max(0, clock.millis() - pods.seenTo()) / 1_000.0;
  }

  private int pods() {
    return tables.values().stream().mapToInt(PodTable::size).sum();
  }

  /** Builds the tables aside while the whole topic comes, so that nobody sees half of it. */
  private final class Reading implements TopicFollower.Reader {
    private Map<String, PodTable> building = new ConcurrentHashMap<>();
    private PodEncoder encoder = new PodEncoder(oversized::increment);
    private Set<String> reported = Set.of();

    @Override
    public void begin() {
      building = new ConcurrentHashMap<>();
      encoder = new PodEncoder(oversized::increment);
      reported = Set.of();
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> record) {
      byte[] key = record.key();
      byte[] value = record.value();
      if (key == null) {
        malformed(record, "it has no key");
        return;
      }
      String cluster = MetadataCodec.clusterOf(key);
      PodTable table =
          building.computeIfAbsent(
              cluster, _ -> new PodTable(maps.stream().map(KeyMap::new).toList(), encoder));
      try {
        if (!MetadataCodec.isPodKey(key)) {
          table.seenTo(value == null ? 0 : MetadataCodec.readWatch(value));
        } else if (value == null) {
          table.remove(MetadataCodec.uidOf(key));
        } else {
          table.put(MetadataCodec.readPod(value));
        }
      } catch (MalformedMetadataException e) {
        malformed(record, e.getMessage());
      }
      if (table.isGone()) {
        building.remove(cluster);
      }
    }

    @Override
    public void upToDate() {
      tables = building;
      if (!reported.equals(building.keySet())) {
        reported = Set.copyOf(building.keySet());
        reportAges();
      }
    }

    private void malformed(ConsumerRecord<byte[], byte[]> record, @Nullable String why) {
      malformed.increment();
      log.atWarn()
          .addKeyValue("offset", record.offset())
          .addKeyValue("reason", why)
          .log("a record of the metadata topic is passed over");
    }
  }
}
