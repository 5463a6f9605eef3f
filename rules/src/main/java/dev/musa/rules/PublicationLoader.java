package dev.musa.rules;

import dev.musa.rules.publish.Publication;
import dev.musa.rules.publish.PublicationCodec;
import dev.musa.rules.publish.Refusal;
import dev.musa.rules.publish.Timeline;
import io.micrometer.core.instrument.Counter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns records of the rules topic into rule sets on the timeline. */
final class PublicationLoader {
  private static final Logger log = LoggerFactory.getLogger(PublicationLoader.class);

  private final @Nullable HashKey hashKey;
  private final Counter unloadable;
  private volatile @Nullable String problem;
  private volatile boolean keyMissing;

  PublicationLoader(@Nullable HashKey hashKey, Counter unloadable) {
    this.hashKey = hashKey;
    this.unloadable = unloadable;
  }

  /** The timeline with what the record publishes; the same one if that cannot be read. */
  Timeline apply(Timeline timeline, ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null || Refusal.isKey(record.key())) {
      // A tombstone: the publication is superseded for longer than anything is kept. Or what the
      // publisher says of its directory, which is for people.
      return timeline;
    }
    try {
      Publication publication = PublicationCodec.decode(record.value());
      RuleSet set = load(publication);
      problem = null;
      keyMissing = false;
      return timeline.with(set);
    } catch (IllegalArgumentException e) {
      refuse(record.offset(), "record " + record.offset() + ": " + e.getMessage());
    } catch (RuleException e) {
      int more = e.problems().size() - 1;
      refuse(
          record.offset(), e.problems().getFirst() + (more == 0 ? "" : " (and " + more + " more)"));
    }
    return timeline;
  }

  /** What hinders the newest publication, or null. */
  @Nullable String problem() {
    return problem;
  }

  /** True if the newest publication hashes and there is no key for it. */
  boolean isKeyMissing() {
    return keyMissing;
  }

  private RuleSet load(Publication publication) throws RuleException {
    try {
      return RuleSet.load(publication.files(), hashKey)
          .published(publication.version(), publication.activeFromUnixMilli());
    } catch (RuleException e) {
      keyMissing = hashKey == null && isLoadableWithKey(publication);
      throw e;
    }
  }

  private static boolean isLoadableWithKey(Publication publication) {
    try {
      return RuleSet.load(publication.files(), HashKey.forChecking()).hashes();
    } catch (RuleException _) {
      return false;
    }
  }

  private void refuse(long offset, String reason) {
    problem = reason;
    unloadable.increment();
    log.atError()
        .addKeyValue("offset", offset)
        .addKeyValue("reason", reason)
        .log("a published rule set cannot be read; the one before it stays in force");
  }
}
