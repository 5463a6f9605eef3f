package dev.musa.sinks.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.tls.TlsFiles;
import dev.musa.schemas.Signal;
import dev.musa.sinks.testing.Certificates;
import dev.musa.sinks.testing.DeliveryHarness;
import dev.musa.sinks.testing.OtlpGrpcStub;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OtlpGrpcBackendTest extends GrpcBackendContract<OtlpGrpcStub> {

  @Override
  Signal signal() {
    return Signal.METRICS;
  }

  @Override
  EndpointConfig defaults() {
    return EndpointConfig.off("", DataSize.ofMebibytes(1));
  }

  @Override
  OtlpGrpcStub start(Certificates certificates) {
    return new OtlpGrpcStub(certificates, 4 << 20);
  }

  @Override
  Backend backend(EndpointConfig config) {
    return Backends.otlp(
        TestOtlp.config(OtlpConfig.Protocol.GRPC, config), TlsFiles.of(config.tls()), CLOCK);
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void eachSignal_hasItsService(Signal signal) throws Exception {
    var stub = plain();

    new DeliveryHarness(signal, to(stub)).deliver("a", List.of(ids(2)));

    assertThat(stub.requests().getFirst().signal()).isEqualTo(signal);
    assertThat(stored(stub)).containsExactlyElementsOf(ids(2));
  }
}
