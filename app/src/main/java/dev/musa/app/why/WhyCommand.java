package dev.musa.app.why;

import dev.musa.app.config.ConfigOptions;
import dev.musa.app.config.MusaConfig;
import dev.musa.app.terminal.Output;
import dev.musa.rules.PublishedRules;
import dev.musa.rules.RuleSet;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Topics;
import dev.musa.schemas.wire.Partitions;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code musa why}. */
@Command(
    name = "why",
    description =
        "Say what became of a trace, and why: kept or dropped, by which policy, and where its spans"
            + " are. The exit code is 1 if nothing is known of it.",
    sortOptions = false)
public final class WhyCommand implements Callable<Integer> {
  private static final int UNKNOWN = 1;
  private static final Duration AROUND = Duration.ofMinutes(10);
  private static final Duration BETWEEN_PROGRESS = Duration.ofSeconds(1);

  @Mixin private final ConfigOptions options = new ConfigOptions();

  @Parameters(paramLabel = "TRACE_ID", description = "32 hexadecimal digits.")
  private String traceId = "";

  @Option(
      names = "--around",
      paramLabel = "TIME",
      description = "Search ten minutes before and after, such as 2026-01-31T08:00:00Z.")
  private @Nullable String around;

  private final Output output;
  private long progressAt = System.nanoTime();

  public WhyCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    MusaConfig config = options.read();
    TraceId id = TraceId.parse(traceId);
    Instant near = around == null ? null : time(around);
    KafkaConfig kafka = config.kafkaInUse();
    Topics topics = config.topicNames();
    try (TopicScan scan = TopicScan.connect(kafka)) {
      int partition = Partitions.ofTrace(id.high(), id.low(), scan.partitions(topics.decisions()));
      TopicPartition decisions = new TopicPartition(topics.decisions(), partition);
      List<Decision> found = search(scan, decisions, id, near);
      Whereabouts where = new Whereabouts(scan, kafka, topics, partition, id);
      if (found.isEmpty()) {
        return undecided(id, where, scan, decisions);
      }
      Map<String, RuleSet> rules = PublishedRules.read(kafka, topics).byVersion();
      for (Decision decision : found) {
        WhyText.decision(id, decision, rules).forEach(output::say);
        WhyText.spans(where.of(decision, rules)).forEach(output::say);
      }
      return 0;
    }
  }

  private List<Decision> search(
      TopicScan scan, TopicPartition decisions, TraceId id, @Nullable Instant near) {
    DecisionSearch search = new DecisionSearch(scan, decisions, id, this::progress);
    return near == null ? search.newest() : search.between(near.minus(AROUND), near.plus(AROUND));
  }

  private int undecided(TraceId id, Whereabouts where, TopicScan scan, TopicPartition decisions) {
    List<Sighting> waiting = where.waiting();
    if (!waiting.isEmpty()) {
      WhyText.waiting(id, waiting).forEach(output::say);
      return 0;
    }
    Long oldest = oldest(scan, decisions);
    WhyText.unknown(id, decisions.topic(), oldest, around != null).forEach(output::say);
    return UNKNOWN;
  }

  private static @Nullable Long oldest(TopicScan scan, TopicPartition decisions) {
    Long[] oldest = new Long[1];
    scan.read(
        decisions,
        scan.begin(decisions),
        scan.end(decisions),
        record -> {
          oldest[0] = record.timestamp();
          return false;
        });
    return oldest[0];
  }

  /** To standard error, so that the answer can be piped on. */
  private void progress(long backToUnixMilli) {
    if (System.nanoTime() - progressAt >= BETWEEN_PROGRESS.toNanos()) {
      progressAt = System.nanoTime();
      output.complain(
          "searched back to "
              + Instant.ofEpochMilli(backToUnixMilli).truncatedTo(ChronoUnit.SECONDS));
    }
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new StartupException(
          "--around is '" + text + "' (expected: a time such as 2026-01-31T08:00:00Z)", e);
    }
  }
}
