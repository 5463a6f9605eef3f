package dev.musa.sinks.backend;

import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.config.Secret;
import dev.musa.runtime.tls.TlsConfig;
import dev.musa.schemas.Signal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A sink for any OTLP endpoint.
 *
 * @param name of the sink: part of its consumer group, so a new name begins at the oldest record
 * @param protocol of the endpoint
 * @param signals that it takes
 */
public record OtlpConfig(
    String name,
    Protocol protocol,
    List<Signal> signals,
    @Nullable URI endpoint,
    @Nullable TlsConfig tls,
    String orgId,
    Map<String, Secret> headers,
    Compression compression,
    Duration timeout,
    DataSize maxRequest) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,40}");

  /** How OTLP travels to the endpoint. */
  public enum Protocol {
    GRPC,
    HTTP
  }

  public OtlpConfig {
    signals = List.copyOf(signals);
    headers = Map.copyOf(headers);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name is '" + name + "' (expected: a-z, 0-9 and -, as in name: archive)");
    }
    if (signals.isEmpty()) {
      throw new IllegalArgumentException(
          "signals is empty (expected: some of traces, logs, metrics)");
    }
  }

  /** What an element of the list need not say. */
  public static OtlpConfig defaults() {
    var common = EndpointConfig.off("", DataSize.ofMebibytes(1));
    return new OtlpConfig(
        "otlp",
        Protocol.GRPC,
        List.of(Signal.values()),
        null,
        common.tls(),
        common.orgId(),
        common.headers(),
        common.compression(),
        common.timeout(),
        common.maxRequest());
  }

  EndpointConfig common() {
    return new EndpointConfig(endpoint, tls, orgId, headers, compression, timeout, maxRequest);
  }
}
