package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger notices what a stage loses while it runs, and names the stage. */
class LossIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(40);
  private static final int UNBALANCED = 3;

  @TempDir Path directory;
  private final Random random = new Random(1);
  private Installation musa;

  @Test
  void itemsLostAtEachStage_areNamedByTheLedger() throws Exception {
    musa =
        Installation.in(
            directory,
            "kafka: {properties: {interceptor.classes: %s}}\n"
                .formatted(LosingInterceptor.class.getName()));
    try (MusaProcess process = musa.run()) {
      send("all is well", 2);
      awaitBalanced();

      send(LosingInterceptor.AT_SINK, 3);
      assertUnbalanced("sink:files, .*");
      send(LosingInterceptor.BETWEEN, 5);
      assertUnbalanced("sink:files, .*that are not on musa.logs-.*");
      send(LosingInterceptor.AT_PROCESSORS, 7);
      // Nothing is passed over until something comes behind it.
      send("all is well", 1);
      assertUnbalanced("processors, .*musa\\.logs\\.raw.* that were passed and not read: \\+1");
      ByteString trace = Traces.newTraceId(random);
      sendSpan(trace, LosingInterceptor.AT_PROCESSORS);
      sendSpan(trace, "all is well");
      assertUnbalanced("processors, .*musa\\.traces\\.raw.* that were passed and not read: \\+1");
      assertThat(process.interrupt(Duration.ofSeconds(20))).isZero();
    }
  }

  @Test
  void sinkThatHasNeverRun_showsAllAsInFlight() throws Exception {
    musa = Installation.in(directory);
    try (MusaProcess process = musa.run("--only", "kafka,control,collector,processors")) {
      send("waits for a sink", 2);
      Await.until(
          "two in flight",
          PATIENCE,
          () -> {
            String text = String.join("\n", ledger(0));
            return text.matches("(?s).*sink:files +2 *\n +in flight +2 .*")
                && text.endsWith("balanced");
          },
          () -> ledger(0));
      assertThat(process.interrupt(Duration.ofSeconds(20))).isZero();
    }
  }

  private void send(String body, int records) throws InterruptedException {
    ScopeLogs.Builder scope = ScopeLogs.newBuilder();
    for (int i = 0; i < records; i++) {
      scope.addLogRecords(
          LogRecord.newBuilder()
              .setTimeUnixNano(Instant.now().toEpochMilli() * 1_000_000)
              .setBody(AnyValue.newBuilder().setStringValue(body)));
    }
    LogsData request =
        LogsData.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .setResource(
                        Resource.newBuilder()
                            .addAttributes(Traces.attribute("service.name", "shop")))
                    .addScopeLogs(scope))
            .build();
    assertThat(Traces.post(musa.ports(), "logs", request.toByteArray())).isEqualTo(200);
    // In a record of its own.
    TimeUnit.MILLISECONDS.sleep(200);
  }

  private void sendSpan(ByteString trace, String name) throws InterruptedException {
    Span span = Traces.span(random, trace, name, Duration.ofMillis(5), false);
    byte[] request = Traces.request("shop", List.of(span)).toByteArray();
    assertThat(Traces.post(musa.ports(), "traces", request)).isEqualTo(200);
    // In a record of its own.
    TimeUnit.MILLISECONDS.sleep(200);
  }

  private void awaitBalanced() {
    Await.until(
        "the ledger balances",
        PATIENCE,
        () -> {
          String text = String.join("\n", ledger(-1));
          return text.contains("delivered") && text.endsWith("balanced") && isQuiet(text);
        },
        () -> ledger(-1));
  }

  private void assertUnbalanced(String difference) {
    Await.until(
        "the ledger says " + difference,
        PATIENCE,
        () -> {
          List<String> lines = ledger(-1);
          return lines.contains("NOT BALANCED")
              && lines.stream().anyMatch(line -> line.strip().matches(difference));
        },
        () -> ledger(-1));
    ledger(UNBALANCED);
  }

  private static boolean isQuiet(String text) {
    return !text.contains("in flight");
  }

  /** With a negative code any will do. */
  private List<String> ledger(int expectedCode) {
    try (MusaProcess process = musa.start("ledger")) {
      int code = process.awaitExit(ANSWER);
      if (expectedCode >= 0) {
        assertThat(code).as(() -> String.join("\n", process.output())).isEqualTo(expectedCode);
      }
      return process.output();
    }
  }
}
