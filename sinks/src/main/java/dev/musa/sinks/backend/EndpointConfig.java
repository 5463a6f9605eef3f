package dev.musa.sinks.backend;

import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.config.Secret;
import dev.musa.runtime.tls.TlsConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a sink delivers over the network, and how.
 *
 * @param endpoint null: this sink is off
 * @param tls certificates for {@code https://}; null: the authorities that the JDK trusts
 * @param orgId value of {@code X-Scope-OrgID}: {@code "{tenant}"} stands for each record's tenant,
 *     an empty text for no header; tenants share requests unless it has {@code "{tenant}"}
 * @param headers more headers for every request
 * @param compression of requests
 * @param timeout until the whole answer is there
 * @param maxRequest target size of a request, before compression
 */
public record EndpointConfig(
    @Nullable URI endpoint,
    @Nullable TlsConfig tls,
    String orgId,
    Map<String, Secret> headers,
    Compression compression,
    Duration timeout,
    DataSize maxRequest) {

  private static final long SMALLEST_REQUEST = 16 * 1024;
  private static final long LARGEST_REQUEST = 64L << 20;

  public EndpointConfig {
    headers = Map.copyOf(headers);
    if (endpoint != null) {
      checkEndpoint(endpoint, tls);
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout is " + timeout + " (expected: more than 0)");
    }
    if (maxRequest.bytes() < SMALLEST_REQUEST || maxRequest.bytes() > LARGEST_REQUEST) {
      throw new IllegalArgumentException(
          "maxRequest is " + maxRequest + " (expected: 16KiB to 64MiB)");
    }
  }

  /** Off, with the request size that suits the backend. */
  public static EndpointConfig off(String orgId, DataSize maxRequest) {
    return new EndpointConfig(
        null, null, orgId, Map.of(), Compression.NONE, Duration.ofSeconds(30), maxRequest);
  }

  /** The same, delivering to {@code url}. */
  public EndpointConfig withEndpoint(URI url) {
    return new EndpointConfig(url, tls, orgId, headers, compression, timeout, maxRequest);
  }

  /** The same, with certificates. */
  public EndpointConfig withTls(TlsConfig certificates) {
    return new EndpointConfig(
        endpoint, certificates, orgId, headers, compression, timeout, maxRequest);
  }

  private static void checkEndpoint(URI endpoint, @Nullable TlsConfig tls) {
    var scheme = endpoint.getScheme();
    boolean https = "https".equals(scheme);
    if ((!https && !"http".equals(scheme)) || endpoint.getHost() == null) {
      throw new IllegalArgumentException(
          "endpoint is " + endpoint + " (expected: http://HOST:PORT or https://HOST:PORT)");
    }
    if (endpoint.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "endpoint holds a user name or password (expected: them in headers, as Authorization)");
    }
    if (!https && tls != null) {
      throw new IllegalArgumentException(
          "endpoint is " + endpoint + ", but tls is given (expected: https://, or no tls)");
    }
  }
}
