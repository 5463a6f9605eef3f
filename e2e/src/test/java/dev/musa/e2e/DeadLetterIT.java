package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.sinks.testing.Certificates;
import dev.musa.sinks.testing.HttpStub;
import dev.musa.sinks.testing.LokiStub;
import dev.musa.sinks.testing.Telemetry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does with dead letters, and with what a backend has lost. */
class DeadLetterIT extends OnEachKafka {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(40);

  @TempDir Path directory;
  private Installation musa;

  @Test
  void deadLetters_areListed_redriven_andDropped_andTheLedgerBalances() throws Exception {
    Certificates certificates = new Certificates(Files.createDirectories(directory.resolve("tls")));
    try (LokiStub loki = new LokiStub(certificates.serverContext())) {
      musa =
          kafka.install(
              directory,
              "sinks:\n  loki: {endpoint: \"%s\", tls: {certificate: \"%s\", key: \"%s\", ca: \"%s\"}}\n"
                  .formatted(
                      loki.url(),
                      certificates.client().certificate(),
                      certificates.client().key(),
                      certificates.client().ca()));
      try (MusaProcess process = musa.run()) {
        Instant before = Instant.now().minusSeconds(60);
        refuse(loki, "first");
        assertThat(ask(0, "deadletter", "list"))
            .anyMatch(line -> line.matches("loki +refused +default +logs +1 +1 .*"));
        String each = ask(0, "deadletter", "list", "--each").getFirst();
        assertThat(each).contains("loki, refused (400), tenant default, 1 items: no");
        assertThat(ask(0, "deadletter", "show", each.split(" ", 2)[0]))
            .anyMatch(line -> line.contains("\"stringValue\":\"first\""))
            .contains("  musa.deadletter.sink: loki");
        assertThat(ask(1, "deadletter", "show", "0-999")).last().asString().contains("'0-999'");

        assertThat(ask(0, "deadletter", "redrive", "--sink", "loki", "--dry-run"))
            .last()
            .isEqualTo("nothing was sent again (--dry-run)");
        assertThat(ask(0, "deadletter", "redrive", "--sink", "tempo"))
            .last()
            .isEqualTo("0 dead letters were sent again");
        assertThat(ask(0, "deadletter", "redrive", "--to", "nobody"))
            .contains("0 dead letters were sent again")
            .last()
            .isEqualTo("1 were left: no sink 'nobody' takes logs (expected: --to one of loki)");
        assertThat(loki.lines("default")).isEmpty();
        assertThat(ask(0, "deadletter", "redrive", "--sink", "loki"))
            .last()
            .isEqualTo("1 dead letters were sent again");
        Await.until(
            "the redriven line",
            PATIENCE,
            () -> loki.lines("default").equals(List.of("first")),
            () -> loki.lines("default"));
        assertThat(ask(0, "deadletter", "list")).containsExactly("no dead letters");

        refuse(loki, "second");
        assertThat(ask(0, "deadletter", "drop")).last().isEqualTo("1 dead letters were dropped");
        assertThat(ask(0, "deadletter", "list")).containsExactly("no dead letters");

        String until = Instant.now().toString();
        String[] times = {"--sink", "loki", "--since", before.toString(), "--until", until};
        assertThat(ask(0, "replay", times)).last().isEqualTo("done: 2 records with 2 items");
        assertThat(ask(0, "replay", times)).last().isEqualTo("done: 0 records with 0 items");
        Await.until(
            "the replayed line",
            PATIENCE,
            () -> loki.lines("default").containsAll(List.of("first", "second")),
            () -> loki.lines("default"));
        Await.until(
            "the ledger has all",
            PATIENCE,
            () -> isComplete(ask(0, "ledger", "--signal", "logs")),
            () -> ask(0, "ledger", "--signal", "logs"));
        assertThat(process.interrupt(Duration.ofSeconds(20))).isZero();
      }
    }
  }

  /** Sends a line that Loki refuses once, and waits until it is a dead letter. */
  private void refuse(LokiStub loki, String line) throws InterruptedException {
    loki.answerNext(1, HttpStub.Response.text(400, "no"));
    byte[] logs = Telemetry.logs(List.of(line), Telemetry.NOW_MILLI).toByteArray();
    assertThat(Traces.post(musa.ports(), "logs", logs)).isEqualTo(200);
    Await.until(
        "the dead letter",
        PATIENCE,
        () -> !ask(0, "deadletter", "list").equals(List.of("no dead letters")),
        () -> musa.metrics());
  }

  private static boolean isComplete(List<String> ledger) {
    String text = String.join("\n", ledger);
    return ledger.getLast().equals("balanced")
        && text.matches("(?s).*processed +2 .*")
        && text.matches("(?s).*deadlettered +2 .* refused.*")
        && text.matches("(?s).*delivered +1 .* deadletter.*")
        && text.matches("(?s).*delivered +2 .* replay.*")
        && text.matches("(?s).*redriven +1 .* loki.*")
        && text.matches("(?s).*dropped +1 .* loki.*")
        && !text.contains("in flight");
  }

  private List<String> ask(int expectedCode, String command, String... arguments) {
    try (MusaProcess process = start(command, arguments)) {
      int code = process.awaitExit(ANSWER);
      assertThat(code).as(() -> String.join("\n", process.output())).isEqualTo(expectedCode);
      return List.copyOf(process.output());
    }
  }

  /** A subcommand's own name stands before the options. */
  private MusaProcess start(String command, String... arguments) {
    if (!command.equals("deadletter")) {
      return musa.start(command, arguments);
    }
    String[] all = new String[arguments.length + 5];
    all[0] = command;
    all[1] = arguments[0];
    all[2] = "--config";
    all[3] = musa.config().toString();
    all[4] = "--data";
    all[5] = musa.data().toString();
    System.arraycopy(arguments, 1, all, 6, arguments.length - 1);
    return MusaProcess.start(all);
  }
}
