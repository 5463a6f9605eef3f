package dev.musa.sinks.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.config.Secret;
import dev.musa.runtime.tls.TlsFiles;
import dev.musa.schemas.Signal;
import dev.musa.sinks.testing.Certificates;
import dev.musa.sinks.testing.DeliveryHarness;
import dev.musa.sinks.testing.HttpStub;
import dev.musa.sinks.testing.OtlpHttpStub;
import dev.musa.sinks.testing.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OtlpHttpBackendTest extends HttpBackendContract<OtlpHttpStub> {

  @Override
  Signal signal() {
    return Signal.TRACES;
  }

  @Override
  EndpointConfig defaults() {
    return EndpointConfig.off("", DataSize.ofMebibytes(1));
  }

  @Override
  OtlpHttpStub start(Certificates certificates) {
    return new OtlpHttpStub(certificates == null ? null : certificates.serverContext());
  }

  @Override
  Backend backend(EndpointConfig config) {
    return Backends.otlp(
        TestOtlp.config(OtlpConfig.Protocol.HTTP, config), TlsFiles.of(config.tls()), CLOCK);
  }

  @Override
  List<String> stored(OtlpHttpStub stub) {
    return stub.stored();
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void eachSignal_hasItsPath(Signal signal) throws Exception {
    var stub = plain();

    new DeliveryHarness(signal, to(stub)).deliver("a", List.of(ids(2)));

    assertThat(stub.requests().getFirst().path()).isEqualTo("/v1/" + signal.label());
    assertThat(stored(stub)).containsExactlyElementsOf(ids(2));
  }

  @Test
  void configuredHeaders_goWithEveryRequest() throws Exception {
    var stub = plain();
    var config =
        new EndpointConfig(
            stub.url(),
            null,
            "fixed",
            Map.of("authorization", new Secret("Bearer x")),
            Compression.NONE,
            Duration.ofSeconds(5),
            DataSize.ofMebibytes(1));

    new DeliveryHarness(Signal.LOGS, open(config)).deliver("a", List.of(ids(1)));

    assertThat(stub.requests().getFirst().header("authorization")).isEqualTo("Bearer x");
    assertThat(stub.requests().getFirst().header("x-scope-orgid")).isEqualTo("fixed");
  }

  @Test
  void hugeAnswer_isCutOff_andStillClassified() throws Exception {
    var stub = plain();
    stub.answerNext(1, HttpStub.Response.text(400, "x".repeat(5_000_000)));

    var answer = to(stub).deliver(Signal.LOGS, "a", Telemetry.request(Signal.LOGS, List.of("1")));

    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Bisect.class, bisect -> assertThat(bisect.message()).hasSize(1_000));
  }
}
