package dev.musa.rules;

import dev.musa.rules.publish.Timeline;
import dev.musa.runtime.kafka.FollowedTopic;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.kafka.TopicFollower;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which rule set is in force when, by following the rules topic. It has read the topic to its
 * end when {@link #start} returns. A set that this build cannot read is logged and counted, and the
 * one before it stays.
 */
public final class RuleSetIndex implements Service {
  private static final Logger log = LoggerFactory.getLogger(RuleSetIndex.class);

  private final RulesConfig config;
  private final Supplier<FollowedTopic> open;
  private final InstantSource clock;
  private final Counter unloadable;
  private final MultiGauge inForce;
  private volatile Timeline timeline = Timeline.EMPTY;
  private volatile @Nullable PublicationLoader loader;
  private volatile @Nullable TopicFollower follower;
  private volatile String shownVersion = "";

  public RuleSetIndex(
      RulesConfig config,
      KafkaConfig kafka,
      Topics topics,
      MeterRegistry registry,
      InstantSource clock) {
    this(
        config,
        () -> FollowedTopic.open(kafka.clientProperties("rule-index"), topics.rules()),
        registry,
        clock);
  }

  RuleSetIndex(
      RulesConfig config,
      Supplier<FollowedTopic> open,
      MeterRegistry registry,
      InstantSource clock) {
    this.config = config;
    this.open = open;
    this.clock = clock;
    this.unloadable =
        Counter.builder("musa.rules.unloadable")
            .description("Published rule sets that this process cannot read and therefore ignores")
            .register(registry);
    this.inForce =
        MultiGauge.builder("musa.rules.in.force")
            .description("1 for the version of the rule set that is in force")
            .register(registry);
  }

  /** The set for a record with this timestamp; {@link RuleSet#EMPTY} while there is none at all. */
  public RuleSet at(long recordTimestampMs) {
    return timeline.at(recordTimestampMs);
  }

  /** The set with this version, also if it is no longer in force; null if it is not known. */
  public @Nullable RuleSet version(String version) {
    return timeline.version(version);
  }

  /** The set that was published last; it may come into force in a few seconds. */
  public RuleSet newest() {
    return timeline.newest();
  }

  @Override
  public String name() {
    return "rule index";
  }

  @Override
  public void start() {
    PublicationLoader fresh = new PublicationLoader(config.readHashKey(), unloadable);
    loader = fresh;
    TopicFollower reading = new TopicFollower("rule-index", open, new Reading(fresh));
    follower = reading;
    try {
      reading.start();
      requireReadable(fresh);
    } catch (KafkaException e) {
      throw new StartupException(
          "the rules topic cannot be read: "
              + e.getMessage()
              + "; check that Kafka answers at kafka.bootstrapServers",
          e);
    } catch (StartupException e) {
      reading.close();
      throw e;
    }
  }

  @Override
  public void close() {
    TopicFollower reading = follower;
    if (reading != null) {
      reading.close();
    }
  }

  /** Ready as long as it runs: a set that cannot be read does not hinder the one in force. */
  @Override
  public Health health() {
    PublicationLoader current = loader;
    String problem = current == null ? null : current.problem();
    return Health.ok(
        "rules "
            + at(clock.millis()).version()
            + (problem == null ? "" : "; a newer set cannot be read: " + problem));
  }

  /**
   * While running, an unreadable set leaves the one before it in force. At the start there may be
   * none, or one that lets through what the newest redacts: then it is better not to start.
   */
  private void requireReadable(PublicationLoader fresh) {
    String problem = fresh.problem();
    if (fresh.isKeyMissing()) {
      throw new StartupException(
          "the rule set hashes attributes, but this process has no key for it; set"
              + " rules.hashKeyFile to the same key file everywhere");
    }
    if (problem != null && timeline == Timeline.EMPTY) {
      throw new StartupException(
          "no published rule set can be read ("
              + problem
              + "); start a version of MUSA that can, or publish other rules with 'musa control'");
    }
  }

  private void showInForce() {
    String version = at(clock.millis()).version();
    if (!version.equals(shownVersion)) {
      shownVersion = version;
      inForce.register(List.of(MultiGauge.Row.of(Tags.of("version", version), 1)), true);
      log.atInfo().addKeyValue("version", version).log("rules in force");
    }
  }

  /** Builds a timeline aside, so that readers never see half of the history. */
  private final class Reading implements TopicFollower.Reader {
    private final PublicationLoader loader;
    private Timeline building = Timeline.EMPTY;

    Reading(PublicationLoader loader) {
      this.loader = loader;
    }

    @Override
    public void begin() {
      building = Timeline.EMPTY;
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> record) {
      building = loader.apply(building, record);
    }

    @Override
    public void upToDate() {
      timeline = building;
      showInForce();
    }
  }
}
