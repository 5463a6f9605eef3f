package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.backend.BackendClient;
import dev.musa.benchmarks.backend.BackendStats;
import dev.musa.benchmarks.kafka.Cluster;
import dev.musa.benchmarks.kafka.TopicCount;
import dev.musa.benchmarks.load.Latency;
import dev.musa.benchmarks.load.LoadCounts;
import dev.musa.benchmarks.report.Figures;
import dev.musa.benchmarks.report.LegResult;
import dev.musa.benchmarks.report.LegResult.TopicFigures;
import dev.musa.schemas.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What follows a leg: everything comes out, is counted and compared. */
final class Aftermath {
  private static final Duration QUIET = Duration.ofMillis(2500);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Subject subject;
  private final Conditions conditions;
  private final @Nullable BackendClient backend;

  /** After a leg that delivers to this backend, or to none. */
  Aftermath(Subject subject, Conditions conditions, @Nullable BackendClient backend) {
    this.subject = subject;
    this.conditions = conditions;
    this.backend = backend;
  }

  /**
   * @param ended whether all calls had an answer
   */
  LegResult result(
      String leg, List<Figures> figures, @Nullable Latency call, LoadCounts load, boolean ended)
      throws InterruptedException {
    Checks checks = new Checks();
    List<TopicFigures> topics = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    if (!ended) {
      notes.add("some calls had no answer a minute after the end");
    }
    if (!load.failures().isEmpty()) {
      notes.add("calls that were not acknowledged, by status: " + load.failures());
    }
    if (conditions.profiler() != null) {
      notes.add("the figures include what profiling costs");
    }
    String bootstrap = subject.bootstrapServers();
    if (bootstrap == null) {
      settle(null);
      check(checks, load, null, topics);
    } else {
      try (Cluster cluster = new Cluster(bootstrap)) {
        settle(cluster);
        check(checks, load, cluster, topics);
      }
    }
    return new LegResult(
        leg,
        subject.name(),
        conditions.traffic().label(),
        figures,
        call,
        call == null ? Map.of() : delays(),
        topics,
        checks.counts(),
        notes,
        checks.problems());
  }

  /** By signal, once all that was sent in the window has come. */
  private Map<String, Latency> delays() throws InterruptedException {
    Map<String, Latency> delays = new HashMap<>();
    if (backend != null) {
      BackendStats stats = backend.stats();
      for (Signal signal : Signal.values()) {
        if (conditions.traffic().contains(signal)) {
          delays.put(signal.label(), stats.of(signal).delay());
        }
      }
    }
    return delays;
  }

  /** How long the backend must be silent before all is thought to have come. */
  static Duration quiet(Subject subject, Conditions conditions) {
    return subject.commitsWhatIsDone()
        ? QUIET
        : QUIET.plus(conditions.expectation().decisionWait().multipliedBy(2));
  }

  static Duration patience(Conditions conditions) {
    return PATIENCE.plus(conditions.expectation().decisionWait());
  }

  private void settle(@Nullable Cluster cluster) throws InterruptedException {
    if (backend == null) {
      return;
    }
    Settling settling =
        new Settling(
            subject,
            conditions.traffic(),
            cluster,
            backend,
            quiet(subject, conditions),
            patience(conditions));
    var _ = settling.await(_ -> {});
  }

  private void check(
      Checks checks, LoadCounts load, @Nullable Cluster cluster, List<TopicFigures> topics)
      throws InterruptedException {
    for (Signal signal : Signal.values()) {
      if (!conditions.traffic().contains(signal)) {
        continue;
      }
      LoadCounts.Sent sent = load.of(signal);
      checks.load(signal, sent);
      if (cluster != null) {
        String topic = subject.topic(signal);
        TopicCount found = cluster.count(topic, signal);
        checks.topic(topic, found, sent);
        topics.add(new TopicFigures(topic, found.records(), found.items(), cluster.bytes(topic)));
        String processed = subject.processedTopic(signal);
        if (backend != null && processed != null) {
          TopicCount written = cluster.count(processed, signal);
          checks.output(signal, processed, written.items(), backend.stats().of(signal).items());
          PodFigures pods = subject.pods();
          if (pods != null) {
            checks.joined(pods, processed, found, written);
          }
        }
      }
      if (backend != null) {
        checkDelivery(checks, signal, backend.stats().of(signal), sent);
      }
    }
  }

  private void checkDelivery(
      Checks checks, Signal signal, BackendStats.Received received, LoadCounts.Sent sent) {
    Expectation expectation = conditions.expectation();
    double certain = conditions.pool().certainShare();
    if (expectation.kind() == Expectation.Kind.UNKNOWN) {
      checks.notMore(signal, received, sent);
    } else if (expectation.kind() == Expectation.Kind.SAMPLED && signal == Signal.TRACES) {
      if (Double.isNaN(certain)) {
        checks.notMore(signal, received, sent);
      } else {
        checks.sampled(
            received, sent, certain, expectation.sampledShare(), conditions.pool().spansPerTrace());
      }
    } else {
      checks.delivered(signal, received, sent);
    }
  }
}
