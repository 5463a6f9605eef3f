package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the whole pipeline under load: what was acknowledged arrives, and of what is kept nothing
 * is missing.
 */
class KillIT extends OnEachKafka {
  private static final int ROUNDS = Integer.getInteger("musa.kill.rounds", 3);
  private static final int SPANS_PER_TRACE = 6;
  private static final double PROBABILITY = 0.25;
  private static final Duration DRAIN = Duration.ofSeconds(60);

  @TempDir Path directory;

  /** The spans of each trace all of whose requests were acknowledged. */
  private final Map<ByteString, Set<ByteString>> acknowledged = new ConcurrentHashMap<>();

  /** Of these, the ones with an error. */
  private final Set<ByteString> failed = ConcurrentHashMap.newKeySet();

  @Test
  void killedUnderLoad_losesNothingAcknowledged_andSplitsNoTrace() throws Exception {
    Path rules = Files.createDirectories(directory.resolve("rules"));
    Files.writeString(
        rules.resolve("rules.yaml"),
        """
        apiVersion: musa.dev/v1
        kind: Rules
        traces:
          - name: tail
            sample:
              decide: {after: 3s}
              policies:
                - {name: errors, keep: {anySpan: status.code == ERROR}}
                - {name: rest, keep: {probability: %s}}
        """
            .formatted(PROBABILITY));
    Installation musa = kafka.install(directory, "rules: {directory: %s}\n".formatted(rules));
    Random random = new Random(1);
    for (int round = 0; round < ROUNDS; round++) {
      try (MusaProcess process = musa.run()) {
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> senders = startSenders(musa.ports(), stop, 100L * round);
        int before = acknowledged.size();
        int more = 300 + random.nextInt(300);
        Await.until(
            "load",
            Duration.ofSeconds(60),
            () -> acknowledged.size() > before + more,
            acknowledged::size);
        process.kill();
        stop.set(true);
        for (Thread sender : senders) {
          sender.join();
        }
      }
    }
    OutputFiles output = new OutputFiles(musa.output());
    try (MusaProcess process = musa.run()) {
      Await.until(
          "all kept traces in the output",
          DRAIN,
          () -> incomplete(output).isEmpty(),
          () -> incomplete(output).size() + " of " + acknowledged.size() + " traces incomplete");
      assertLedgerBalances(musa);
      assertThat(process.interrupt(Duration.ofSeconds(20))).isZero();
    }
    Map<ByteString, Set<ByteString>> arrived = arrived(output);
    assertThat(arrived.keySet())
        .as("traces that are sampled out")
        .doesNotContainAnyElementsOf(
            acknowledged.keySet().stream().filter(trace -> !isKept(trace)).toList());
    System.out.printf(
        "killed %d times: %d traces acknowledged, %d of them kept, %d spans in the output%n",
        ROUNDS,
        acknowledged.size(),
        acknowledged.keySet().stream().filter(this::isKept).count(),
        output.spans().size());
  }

  /** To the item, and nothing is in flight. */
  private void assertLedgerBalances(Installation musa) {
    Await.until(
        "the ledger is complete",
        DRAIN,
        () -> ledger(musa).stream().noneMatch(line -> line.contains("in flight")),
        () -> ledger(musa));
    assertThat(ledger(musa)).last().isEqualTo("balanced");
  }

  private static List<String> ledger(Installation musa) {
    try (MusaProcess process = musa.start("ledger")) {
      assertThat(process.awaitExit(DRAIN)).as(() -> String.join("\n", process.output())).isZero();
      return process.output();
    }
  }

  private boolean isKept(ByteString trace) {
    return failed.contains(trace) || Traces.isKeptByChance(trace, PROBABILITY);
  }

  /** The kept traces of which an acknowledged span is not in the output. */
  private Set<ByteString> incomplete(OutputFiles output) {
    Map<ByteString, Set<ByteString>> arrived = arrived(output);
    Set<ByteString> incomplete = new HashSet<>();
    acknowledged.forEach((trace, spans) -> {
      if (isKept(trace) && !arrived.getOrDefault(trace, Set.of()).containsAll(spans)) {
        incomplete.add(trace);
      }
    });
    return incomplete;
  }

  private static Map<ByteString, Set<ByteString>> arrived(OutputFiles output) {
    Map<ByteString, Set<ByteString>> arrived = new HashMap<>();
    for (Span span : output.spans()) {
      arrived.computeIfAbsent(span.getTraceId(), _ -> new HashSet<>()).add(span.getSpanId());
    }
    return arrived;
  }

  private List<Thread> startSenders(Ports ports, AtomicBoolean stop, long seed) {
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Random random = new Random(seed + i);
      senders.add(Thread.ofVirtual().start(() -> send(ports, stop, random)));
    }
    return senders;
  }

  /** Sends traces in two halves, so that a kill can fall between them. */
  private void send(Ports ports, AtomicBoolean stop, Random random) {
    try {
      while (!stop.get()) {
        ByteString trace = Traces.newTraceId(random);
        boolean error = random.nextInt(4) == 0;
        Set<ByteString> spans = new HashSet<>();
        boolean complete = true;
        for (int half = 0; half < 2; half++) {
          List<Span> part = new ArrayList<>();
          for (int i = 0; i < SPANS_PER_TRACE / 2; i++) {
            boolean failing = error && half == 1 && i == 0;
            part.add(Traces.span(random, trace, "work", Duration.ofMillis(5), failing));
          }
          part.forEach(span -> spans.add(span.getSpanId()));
          byte[] body = Traces.request("shop", part).toByteArray();
          complete &= Traces.post(ports, "traces", body) == 200;
        }
        // Of the others nobody can say what arrived.
        if (complete) {
          if (error) {
            failed.add(trace);
          }
          acknowledged.put(trace, spans);
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
