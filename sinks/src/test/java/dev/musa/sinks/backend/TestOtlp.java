package dev.musa.sinks.backend;

import dev.musa.schemas.Signal;
import java.util.List;

/** An {@link OtlpConfig} around an {@link EndpointConfig}. */
final class TestOtlp {
  private TestOtlp() {}

  static OtlpConfig config(OtlpConfig.Protocol protocol, EndpointConfig config) {
    return new OtlpConfig(
        "test",
        protocol,
        List.of(Signal.values()),
        config.endpoint(),
        config.tls(),
        config.orgId(),
        config.headers(),
        config.compression(),
        config.timeout(),
        config.maxRequest());
  }
}
