package dev.musa.sinks.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.tls.TlsFiles;
import dev.musa.schemas.Signal;
import dev.musa.sinks.flow.Tally;
import dev.musa.sinks.testing.Certificates;
import dev.musa.sinks.testing.DeliveryHarness;
import dev.musa.sinks.testing.OtlpGrpcStub;
import dev.musa.sinks.testing.Telemetry;
import dev.musa.sinks.testing.TempoStub;
import io.grpc.Status;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TempoBackendTest extends GrpcBackendContract<TempoStub> {

  @Override
  Signal signal() {
    return Signal.TRACES;
  }

  @Override
  EndpointConfig defaults() {
    return EndpointConfig.off("{tenant}", DataSize.ofMebibytes(2));
  }

  @Override
  TempoStub start(Certificates certificates) {
    return new TempoStub(certificates);
  }

  @Override
  Backend backend(EndpointConfig config) {
    return Backends.tempo(config, TlsFiles.of(config.tls()));
  }

  private static List<String> large(int n) {
    return IntStream.range(0, n).mapToObj(i -> i + "x".repeat(100_000)).toList();
  }

  @Test
  void sendsTheTenant() throws Exception {
    var stub = plain();

    new DeliveryHarness(Signal.TRACES, to(stub)).deliver("team-b", List.of(ids(1)));

    assertThat(stub.requests().getFirst().tenant()).isEqualTo("team-b");
  }

  @Test
  void withoutATenant_stopsTheSink_thoughTempoSaysUnavailable() throws Exception {
    var stub = plain();
    var config = EndpointConfig.off("", DataSize.ofMebibytes(1)).withEndpoint(stub.url());

    var backend = open(config);
    var request = Telemetry.request(Signal.TRACES, List.of("1"));
    var answer = backend.deliver(Signal.TRACES, backend.orgId("a"), request);

    assertThat(answer).isEqualTo(new Answer.Misconfigured("UNAVAILABLE", "no org id"));
  }

  @Test
  void requestOverTheMessageLimit_isSplit() throws Exception {
    var stub = plain();
    var harness = new DeliveryHarness(Signal.TRACES, to(stub));

    var tally = harness.deliver("a", List.of(large(60)));

    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(60);
    assertThat(stored(stub)).containsExactlyElementsOf(large(60));
    assertThat(harness.divisions()).isPositive();
  }

  @Test
  void batchOverTheBurst_isSplit() throws Exception {
    var stub = plain();
    stub.setBurst(500_000);
    var harness = new DeliveryHarness(Signal.TRACES, to(stub));

    var tally = harness.deliver("a", List.of(large(20)));

    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(20);
    assertThat(stored(stub)).containsExactlyElementsOf(large(20));
  }

  @Test
  void rateLimitWithoutRetryInfo_isRetriedWhole() throws Exception {
    var stub = plain();
    stub.answerNext(
        2, OtlpGrpcStub.refusal(Status.Code.RESOURCE_EXHAUSTED, "RATE_LIMITED: slow down"));
    var harness = new DeliveryHarness(Signal.TRACES, to(stub));

    harness.deliver("a", List.of(ids(4)));

    assertThat(harness.divisions()).isZero();
    assertThat(stored(stub)).containsExactlyElementsOf(ids(4));
  }
}
