package dev.musa.sinks.backend;

import dev.musa.runtime.config.Secret;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.runtime.tls.TlsFiles;
import dev.musa.schemas.Signal;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the backends that are reached over the network, each with its table of answers. Without
 * {@code tls} they trust the authorities that the JDK does.
 */
public final class Backends {
  private static final int MAX_RESPONSE = 4 << 20;

  private Backends() {}

  public static Backend tempo(EndpointConfig config, @Nullable TlsFiles tls) {
    return grpc(config, tls, TempoAnswers::classify);
  }

  public static Backend loki(EndpointConfig config, @Nullable TlsFiles tls, InstantSource clock) {
    var url = url(config, "/otlp/v1/logs");
    return http(config, tls, Map.of(Signal.LOGS, url), LokiAnswers::classify, clock);
  }

  public static Backend prometheus(
      EndpointConfig config, @Nullable TlsFiles tls, InstantSource clock) {
    var url = url(config, "/api/v1/otlp/v1/metrics");
    return http(config, tls, Map.of(Signal.METRICS, url), PrometheusAnswers::classify, clock);
  }

  public static Backend otlp(OtlpConfig config, @Nullable TlsFiles tls, InstantSource clock) {
    var common = config.common();
    return switch (config.protocol()) {
      case GRPC -> grpc(common, tls, OtlpGrpcAnswers::classify);
      case HTTP -> {
        Map<Signal, URI> urls = new EnumMap<>(Signal.class);
        for (var signal : Signal.values()) {
          urls.put(signal, url(common, "/v1/" + signal.label()));
        }
        yield http(common, tls, urls, OtlpHttpAnswers::classify, clock);
      }
    };
  }

  private static Backend http(
      EndpointConfig config,
      @Nullable TlsFiles tls,
      Map<Signal, URI> urls,
      Function<HttpReply, Answer> table,
      InstantSource clock) {
    var options =
        new OtlpHttpBackend.Options(
            new OrgId(config.orgId()),
            plain(config.headers()),
            config.compression(),
            config.timeout());
    return new OtlpHttpBackend(urls, options, tls == null ? null : tls.context(), table, clock);
  }

  private static Backend grpc(
      EndpointConfig config, @Nullable TlsFiles tls, Function<GrpcReply, Answer> table) {
    var options =
        new OtlpGrpcBackend.Options(
            new OrgId(config.orgId()),
            plain(config.headers()),
            config.compression(),
            config.timeout());
    return new OtlpGrpcBackend(channel(config, tls), options, table);
  }

  private static ManagedChannel channel(EndpointConfig config, @Nullable TlsFiles tls) {
    var endpoint = endpoint(config);
    boolean https = "https".equals(endpoint.getScheme());
    int port = endpoint.getPort() >= 0 ? endpoint.getPort() : https ? 443 : 80;
    var builder =
        NettyChannelBuilder.forAddress(endpoint.getHost(), port)
            .maxInboundMessageSize(MAX_RESPONSE);
    if (!https) {
      return builder.usePlaintext().build();
    }
    return tls == null ? builder.build() : builder.sslContext(nettyContext(tls)).build();
  }

  private static SslContext nettyContext(TlsFiles tls) {
    try {
      var builder = GrpcSslContexts.forClient();
      var keys = tls.keyManager();
      if (keys != null) {
        builder.keyManager(keys);
      }
      return builder
          .trustManager(tls.trustManager())
          .sessionTimeout(TlsFiles.SESSION_SECONDS)
          .build();
    } catch (SSLException e) {
      throw new StartupException(
          "tls: the certificates cannot be used: " + e.getMessage() + " (check the PEM files)");
    }
  }

  /** A base URL gets the path of the backend; a URL that ends with it is taken as it is. */
  private static URI url(EndpointConfig config, String path) {
    var text = endpoint(config).toString();
    var base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    return URI.create(base.endsWith(path) ? base : base + path);
  }

  private static URI endpoint(EndpointConfig config) {
    var endpoint = config.endpoint();
    if (endpoint == null) {
      throw new StartupException(
          "a sink has no endpoint (expected: endpoint: http://HOST:PORT or https://HOST:PORT)");
    }
    return endpoint;
  }

  private static Map<String, String> plain(Map<String, Secret> headers) {
    Map<String, String> plain = new HashMap<>();
    headers.forEach((name, value) -> plain.put(name, value.value()));
    return plain;
  }
}
