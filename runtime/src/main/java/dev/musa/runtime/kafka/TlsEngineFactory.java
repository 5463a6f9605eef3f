package dev.musa.runtime.kafka;

import dev.musa.runtime.tls.TlsConfig;
import dev.musa.runtime.tls.TlsFiles;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * Connects Kafka's clients by the PEM files as they are then: Kafka's own factory reads what
 * clients are configured with once. Made by Kafka, from the properties of {@link KafkaConfig}.
 */
public final class TlsEngineFactory implements SslEngineFactory {
  /** The property with the {@link TlsConfig}. */
  static final String FILES = "musa.tls";

  private @Nullable TlsFiles tls;
  private @Nullable List<?> protocols;
  private @Nullable List<?> ciphers;

  @Override
  public void configure(Map<String, ?> configs) {
    tls = TlsFiles.of((TlsConfig) Objects.requireNonNull(configs.get(FILES), FILES));
    protocols = (List<?>) configs.get(SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG);
    ciphers = (List<?>) configs.get(SslConfigs.SSL_CIPHER_SUITES_CONFIG);
  }

  @Override
  public SSLEngine createClientSslEngine(
      String peerHost, int peerPort, String endpointIdentification) {
    SSLEngine engine =
        Objects.requireNonNull(tls, "configure was not called")
            .context()
            .createSSLEngine(peerHost, peerPort);
    engine.setUseClientMode(true);
    if (protocols != null && !protocols.isEmpty()) {
      engine.setEnabledProtocols(texts(protocols));
    }
    if (ciphers != null && !ciphers.isEmpty()) {
      engine.setEnabledCipherSuites(texts(ciphers));
    }
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(endpointIdentification);
    engine.setSSLParameters(parameters);
    return engine;
  }

  @Override
  public SSLEngine createServerSslEngine(String peerHost, int peerPort) {
    throw new UnsupportedOperationException("for clients of Kafka only");
  }

  /** The files are looked at where they are needed. */
  @Override
  public boolean shouldBeRebuilt(Map<String, Object> nextConfigs) {
    return false;
  }

  @Override
  public Set<String> reconfigurableConfigs() {
    return Set.of();
  }

  @Override
  public @Nullable KeyStore keystore() {
    return null;
  }

  @Override
  public @Nullable KeyStore truststore() {
    return null;
  }

  @Override
  public void close() {}

  private static String[] texts(List<?> values) {
    return values.stream().map(String::valueOf).toArray(String[]::new);
  }
}
