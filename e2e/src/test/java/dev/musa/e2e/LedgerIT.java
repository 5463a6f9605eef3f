package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator asks: does the sum balance, and what became of this trace. */
class LedgerIT extends OnEachKafka {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(40);
  private static final String RULES =
      """
      apiVersion: musa.dev/v1
      kind: Rules
      traces:
        - name: no-probes
          when: name == "probe"
          drop: span
        - name: tail
          sample:
            decide: {after: 1s}
            policies:
              - {name: errors, keep: {anySpan: status.code == ERROR}}
      """;

  private final Random random = new Random(5);

  @TempDir Path directory;
  private Installation musa;

  @Test
  void ledgerBalances_andWhyTells_alsoAfterAKill() throws Exception {
    Path rules = Files.createDirectories(directory.resolve("rules"));
    Files.writeString(rules.resolve("rules.yaml"), RULES);
    musa = kafka.install(directory, "rules: {directory: %s}\n".formatted(rules));
    ByteString kept;
    ByteString dropped;
    try (MusaProcess process = musa.run()) {
      kept = send(true);
      dropped = send(false);
      awaitDelivered(2);
      assertBalanced(6, 2);
      process.kill();
    }
    try (MusaProcess process = musa.run()) {
      send(true);
      awaitDelivered(4);
      assertBalanced(9, 4);

      List<String> why =
          ask(0, "why", HexFormat.of().formatHex(kept.toByteArray())).stream()
              // A slow machine says how far it has come.
              .dropWhile(line -> line.startsWith("searched back to "))
              .toList();
      assertThat(why.getFirst()).endsWith("KEPT");
      assertThat(why)
          .anyMatch(line -> line.matches(" +by policy +errors"))
          .anyMatch(line -> line.contains("2 spans, from the first start"))
          .anyMatch(line -> line.contains("a span fulfilled that of errors"))
          .anyMatch(line -> line.matches(" +came in +3 spans in .*musa.*traces\\.raw.*"))
          .anyMatch(line -> line.matches(" +went on +2 spans in .*"))
          .anyMatch(line -> line.matches(" +sink:files +has done with all of these records"));
      assertThat(ask(0, "why", HexFormat.of().formatHex(dropped.toByteArray())))
          .anyMatch(line -> line.endsWith("DROPPED"))
          .anyMatch(line -> line.contains("no policy keeps it"));
      assertThat(ask(1, "why", "00000000000000000000000000000001"))
          .anyMatch(line -> line.contains("nothing is known of it"));
      assertThat(process.interrupt(Duration.ofSeconds(20))).isZero();
    }
  }

  /** A trace of three spans, one of which a step drops. */
  private ByteString send(boolean error) throws InterruptedException {
    ByteString id = Traces.newTraceId(random);
    List<Span> spans =
        List.of(
            Traces.span(random, id, "probe", Duration.ofMillis(1), false),
            Traces.span(random, id, "work", Duration.ofMillis(5), false),
            Traces.span(random, id, "work", Duration.ofMillis(5), error));
    assertThat(Traces.post(musa.ports(), "traces", Traces.request("shop", spans).toByteArray()))
        .isEqualTo(200);
    return id;
  }

  private void awaitDelivered(int spans) {
    OutputFiles output = new OutputFiles(musa.output());
    Await.until(
        spans + " spans in the output",
        PATIENCE,
        () -> output.spans().size() >= spans,
        () -> output.spans().size());
  }

  /** Once what is delivered is committed too. */
  private void assertBalanced(int accepted, int delivered) {
    Await.until(
        "the ledger has all",
        PATIENCE,
        () -> {
          String text = String.join("\n", ask(0, "ledger"));
          return text.endsWith("balanced")
              && text.matches("(?s).*processors +" + accepted + " .*")
              && text.matches("(?s).*sampled out +2 .*")
              && text.matches("(?s).*sink:files +" + delivered + " .*")
              && text.matches("(?s).*delivered +" + delivered + " .*")
              && !text.contains("in flight");
        },
        () -> ask(0, "ledger"));
  }

  private List<String> ask(int expectedCode, String command, String... arguments) {
    try (MusaProcess process = musa.start(command, arguments)) {
      int code = process.awaitExit(ANSWER);
      assertThat(code).as(() -> String.join("\n", process.output())).isEqualTo(expectedCode);
      return process.output();
    }
  }
}
