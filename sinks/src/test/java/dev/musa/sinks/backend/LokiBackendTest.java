package dev.musa.sinks.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.tls.TlsFiles;
import dev.musa.schemas.Signal;
import dev.musa.sinks.flow.Tally;
import dev.musa.sinks.testing.Certificates;
import dev.musa.sinks.testing.DeliveryHarness;
import dev.musa.sinks.testing.LokiStub;
import dev.musa.sinks.testing.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LokiBackendTest extends HttpBackendContract<LokiStub> {

  @Override
  Signal signal() {
    return Signal.LOGS;
  }

  @Override
  EndpointConfig defaults() {
    return EndpointConfig.off("{tenant}", DataSize.ofMebibytes(1));
  }

  @Override
  LokiStub start(Certificates certificates) {
    return new LokiStub(certificates == null ? null : certificates.serverContext());
  }

  @Override
  Backend backend(EndpointConfig config) {
    return Backends.loki(config, TlsFiles.of(config.tls()), CLOCK);
  }

  @Override
  List<String> stored(LokiStub stub) {
    return stub.lines("a");
  }

  private static List<String> large(int n) {
    return IntStream.range(0, n).mapToObj(i -> i + "x".repeat(20_000)).toList();
  }

  @Test
  void tenantsStayApart() throws Exception {
    var stub = plain();
    var harness = new DeliveryHarness(Signal.LOGS, to(stub));

    harness.deliver("a", List.of(List.of("1")));
    harness.deliver("b", List.of(List.of("2")));

    assertThat(stub.lines("a")).containsExactly("1");
    assertThat(stub.lines("b")).containsExactly("2");
    assertThat(stub.requests().getFirst().path()).isEqualTo("/otlp/v1/logs");
  }

  @Test
  void withoutATenant_stopsTheSink() throws Exception {
    var stub = plain();
    var config = EndpointConfig.off("", DataSize.ofMebibytes(1)).withEndpoint(stub.url());

    var backend = open(config);
    var request = Telemetry.request(Signal.LOGS, List.of("1"));
    var answer = backend.deliver(Signal.LOGS, backend.orgId("a"), request);

    assertThat(answer).isEqualTo(new Answer.Misconfigured("401", "no org id"));
  }

  @Test
  void entriesThatLokiRefuses_areFound_theOthersAreStored() throws Exception {
    var stub = plain();
    var harness = new DeliveryHarness(Signal.LOGS, to(stub));
    long old = Telemetry.NOW_MILLI - Duration.ofDays(8).toMillis();
    var records =
        List.of(
            Telemetry.record(Signal.LOGS, 0, 0, "a", List.of("good 1", "good 2", "good 3")),
            Telemetry.record(
                "musa.logs", 0, 1, "a", 1, Telemetry.logs(List.of("old"), old).toByteArray()));

    var tally = harness.deliver(records);

    assertThat(stored(stub)).containsExactly("good 1", "good 2", "good 3");
    assertThat(tally.items(Tally.DEAD_LETTERED)).isEqualTo(1);
    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(3);
    assertThat(harness.deadLetters()).containsExactly("old");
  }

  @Test
  void requestLargerThanTheGrpcLimitInsideLoki_isSplit() throws Exception {
    var stub = plain();
    stub.setMaxMessageBytes(100_000);
    var harness = new DeliveryHarness(Signal.LOGS, to(stub));

    var tally = harness.deliver("a", List.of(large(20)));

    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(20);
    assertThat(stored(stub)).containsExactlyElementsOf(large(20));
    assertThat(harness.pauses()).isEmpty();
  }

  @Test
  void requestLargerThanTheBurst_isSplit() throws Exception {
    var stub = plain();
    stub.setRate(100_000, 150_000);
    var harness = new DeliveryHarness(Signal.LOGS, to(stub));

    var tally = harness.deliver("a", List.of(large(20)));

    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(20);
    assertThat(stored(stub)).containsExactlyElementsOf(large(20));
  }

  @Test
  void blockedIngestion_isCountedAsDropped() throws Exception {
    var stub = plain();
    stub.setIngestionBlocked(true);
    var harness = new DeliveryHarness(Signal.LOGS, to(stub));

    var tally = harness.deliver("a", List.of(ids(5)));

    assertThat(tally.items(Tally.DROPPED)).isEqualTo(5);
    assertThat(stub.requests()).hasSize(1);
  }
}
