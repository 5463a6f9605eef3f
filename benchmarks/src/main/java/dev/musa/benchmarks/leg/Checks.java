package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.backend.BackendStats;
import dev.musa.benchmarks.kafka.TopicCount;
import dev.musa.benchmarks.load.LoadCounts;
import dev.musa.schemas.Signal;
import java.util.ArrayList;
import java.util.List;

/** Compares what was acknowledged with what is on Kafka and at the backend. */
final class Checks {
  /** Beyond that many standard deviations chance is no excuse. */
  private static final double DEVIATIONS = 5;

  /** Traces may be cut by the end of the run, or slowed down by a busy machine. */
  private static final double MARGIN = 0.01;

  private final List<String> counts = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /** What was compared. */
  List<String> counts() {
    return counts;
  }

  List<String> problems() {
    return problems;
  }

  void load(Signal signal, LoadCounts.Sent sent) {
    counts.add(
        "%s sent %,d, acknowledged %,d"
            .formatted(signal.label(), sent.sent(), sent.acknowledged()));
    long accounted = sent.acknowledged() + sent.rejected() + sent.failed();
    if (sent.sent() != accounted) {
      problems.add(
          "%s: %,d items were sent, but only %,d answered"
              .formatted(signal.label(), sent.sent(), accounted));
    }
    if (sent.rejected() > 0) {
      problems.add(
          "%s: %,d items were refused by partial success (expected: none)"
              .formatted(signal.label(), sent.rejected()));
    }
    if (sent.acknowledged() == 0) {
      problems.add("%s: nothing was acknowledged".formatted(signal.label()));
    } else if (sent.acknowledged() <= sent.failed()) {
      problems.add(
          "%s: only %,d items of %,d were acknowledged (expected: most of them)"
              .formatted(signal.label(), sent.acknowledged(), sent.sent()));
    }
  }

  /** All that was acknowledged is there, and nothing else but what failed on its way back. */
  void topic(String topic, TopicCount found, LoadCounts.Sent sent) {
    counts.add("%s holds %,d".formatted(topic, found.items()));
    if (found.items() < sent.acknowledged()
        || found.items() > sent.acknowledged() + sent.failed()) {
      problems.add(
          "topic %s holds %,d items (expected: %s acknowledged)"
              .formatted(topic, found.items(), atLeast(sent.acknowledged(), sent.failed())));
    }
  }

  /** Everything came out. */
  void delivered(Signal signal, BackendStats.Received received, LoadCounts.Sent sent) {
    came(signal, received);
    if (received.items() < sent.acknowledged()
        || received.items() > sent.acknowledged() + sent.failed()) {
      problems.add(
          "%s: the backend got %,d items (expected: %s acknowledged)"
              .formatted(
                  signal.label(), received.items(), atLeast(sent.acknowledged(), sent.failed())));
    }
  }

  /** What the processors have written came out. */
  void output(Signal signal, String topic, long written, long received) {
    counts.add("%s holds %,d".formatted(topic, written));
    if (written != received) {
      problems.add(
          "%s: the backend got %,d items (expected: the %,d that %s holds)"
              .formatted(signal.label(), received, written, topic));
    }
  }

  /** All that was passed on has what Kubernetes says of its pod, or nothing if it says nothing. */
  void joined(PodFigures pods, String topic, TopicCount raw, TopicCount processed) {
    counts.add(
        "the processors know %,d pods, and passed on %,d items without theirs"
            .formatted(pods.known(), pods.unenrichedItems()));
    counts.add(
        "%s holds %,d items that were joined to their pod, %.1f bytes an item after %.1f"
            .formatted(topic, processed.joined(), processed.bytesPerItem(), raw.bytesPerItem()));
    if (pods.known() != pods.expected()) {
      problems.add(
          "the processors know %,d pods (expected: %,d)".formatted(pods.known(), pods.expected()));
    }
    if (pods.unenrichedItems() != 0) {
      problems.add(
          "the processors passed on %,d items without their pod (expected: none)"
              .formatted(pods.unenrichedItems()));
    }
    long expected = pods.expected() == 0 ? 0 : processed.items();
    if (processed.joined() != expected || raw.joined() != 0) {
      problems.add(
          "%,d items were joined to their pod, and %,d before they were processed (expected: %,d and none)"
              .formatted(processed.joined(), raw.joined(), expected));
    }
    if (expected > 0 && processed.bytesPerItem() <= raw.bytesPerItem()) {
      problems.add(
          "an item of %s has %.1f bytes (expected: more than the %.1f it came with)"
              .formatted(topic, processed.bytesPerItem(), raw.bytesPerItem()));
    }
  }

  /** No more came out than went in. */
  void notMore(Signal signal, BackendStats.Received received, LoadCounts.Sent sent) {
    came(signal, received);
    long most = sent.acknowledged() + sent.failed();
    if (received.items() > most) {
      problems.add(
          "%s: the backend got %,d items (expected: at most %,d)"
              .formatted(signal.label(), received.items(), most));
    }
  }

  /**
   * All errors came out, and about as many others as were to be sampled.
   *
   * @param certainShare of the spans in traces that have to be kept
   * @param sampledShare of the others
   * @param spansPerTrace which are kept or dropped together
   */
  void sampled(
      BackendStats.Received received,
      LoadCounts.Sent sent,
      double certainShare,
      double sampledShare,
      double spansPerTrace) {
    came(Signal.TRACES, received);
    long errors = received.errors();
    if (errors < sent.errors() || (errors > sent.errors() && sent.failed() == 0)) {
      problems.add(
          "traces: the backend got %,d error spans (expected: all %,d)"
              .formatted(errors, sent.errors()));
    }
    double expected = certainShare + (1 - certainShare) * sampledShare;
    double actual = (double) received.items() / sent.acknowledged();
    double traces = sent.acknowledged() / spansPerTrace;
    double chance = (1 - certainShare) * Math.sqrt(sampledShare * (1 - sampledShare) / traces);
    double allowed = MARGIN + DEVIATIONS * chance;
    counts.add(
        "kept %.2f %% of the spans, expected %.2f %%, error spans %,d of %,d"
            .formatted(100 * actual, 100 * expected, errors, sent.errors()));
    if (Math.abs(actual - expected) > allowed) {
      problems.add(
          "traces: %.2f %% of the spans were kept (expected: %.2f %%, give or take %.2f)"
              .formatted(100 * actual, 100 * expected, 100 * allowed));
    }
  }

  private void came(Signal signal, BackendStats.Received received) {
    counts.add("the backend got %,d of %s".formatted(received.items(), signal.label()));
  }

  private static String atLeast(long acknowledged, long failed) {
    return failed == 0
        ? "%,d".formatted(acknowledged)
        : "%,d to %,d, of them %,d".formatted(acknowledged, acknowledged + failed, acknowledged);
  }
}
