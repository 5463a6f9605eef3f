package dev.musa.rules;

import dev.musa.rules.publish.Publication;
import dev.musa.rules.publish.PublicationCodec;
import dev.musa.runtime.kafka.FollowedTopic;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.schemas.Topics;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rule sets that the rules topic holds, to be looked at: they are read without the key of
 * {@code hash} steps, so nothing may be processed by them.
 */
public final class PublishedRules {
  private static final Logger log = LoggerFactory.getLogger(PublishedRules.class);

  private PublishedRules() {}

  /** By version, without those that this build cannot read. */
  public static Map<String, RuleSet> read(KafkaConfig kafka, Topics topics) {
    Map<String, RuleSet> sets = new HashMap<>();
    sets.put(RuleSet.EMPTY.version(), RuleSet.EMPTY);
    try (FollowedTopic topic =
        FollowedTopic.open(kafka.clientProperties("musa-rules-look"), topics.rules())) {
      topic.readToEnd(record -> {
        if (record.value() == null) {
          return;
        }
        try {
          Publication publication = PublicationCodec.decode(record.value());
          RuleSet set = RuleSet.load(publication.files(), HashKey.forChecking());
          sets.put(
              publication.version(),
              set.published(publication.version(), publication.activeFromUnixMilli()));
        } catch (IllegalArgumentException | RuleException e) {
          log.atDebug().addKeyValue("offset", record.offset()).setCause(e).log("unreadable");
        }
      });
    }
    return sets;
  }
}
