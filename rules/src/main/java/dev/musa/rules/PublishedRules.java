package dev.musa.rules;

import dev.musa.rules.publish.Publication;
import dev.musa.rules.publish.PublicationCodec;
import dev.musa.rules.publish.Refusal;
import dev.musa.rules.publish.Timeline;
import dev.musa.runtime.kafka.FollowedTopic;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.schemas.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the rules topic holds, to be looked at: the sets are read without the key of {@code hash}
 * steps, so nothing may be processed by them.
 *
 * @param byVersion without those that this build cannot read
 * @param timeline these sets, by the time in which they are in force
 * @param newest what was published last; null if nothing was
 * @param refusal why the rule directory is not published as it is; null if it is
 */
public record PublishedRules(
    Map<String, RuleSet> byVersion,
    Timeline timeline,
    @Nullable Publication newest,
    @Nullable Refusal refusal) {
  private static final Logger log = LoggerFactory.getLogger(PublishedRules.class);

  public PublishedRules {
    byVersion = Map.copyOf(byVersion);
  }

  public static PublishedRules read(KafkaConfig kafka, Topics topics) {
    try (FollowedTopic topic =
        FollowedTopic.open(kafka.clientProperties("musa-rules-look"), topics.rules())) {
      return read(topic);
    }
  }

  static PublishedRules read(FollowedTopic topic) {
    Reading reading = new Reading();
    topic.readToEnd(reading);
    return new PublishedRules(reading.sets, reading.timeline, reading.newest, reading.refusal);
  }

  /** The set in force at that time. */
  public RuleSet at(long unixMilli) {
    return timeline.at(unixMilli);
  }

  private static final class Reading implements Consumer<ConsumerRecord<byte[], byte[]>> {
    private final Map<String, RuleSet> sets =
        new HashMap<>(Map.of(RuleSet.EMPTY.version(), RuleSet.EMPTY));
    private Timeline timeline = Timeline.EMPTY;
    private @Nullable Publication newest;
    private @Nullable Refusal refusal;

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> record) {
      byte[] value = record.value();
      try {
        if (Refusal.isKey(record.key())) {
          refusal = value == null ? null : Refusal.decode(value);
        } else if (value != null) {
          Publication publication = PublicationCodec.decode(value);
          newest = publication;
          RuleSet set =
              RuleSet.load(publication.files(), HashKey.forChecking())
                  .published(publication.version(), publication.activeFromUnixMilli());
          sets.put(set.version(), set);
          timeline = timeline.with(set);
        }
      } catch (IllegalArgumentException | RuleException e) {
        log.atDebug().addKeyValue("offset", record.offset()).setCause(e).log("unreadable");
      }
    }
  }
}
