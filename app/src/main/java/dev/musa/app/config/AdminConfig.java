package dev.musa.app.config;

import dev.musa.runtime.http.ListenAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where metrics and the ledger are served.
 *
 * @param port as in {@link ListenConfig}
 * @param insecure whether they may be served in plain text beyond loopback, as a Prometheus in the
 *     cluster needs it; what may reach the port is then for the network to say
 */
public record AdminConfig(String host, @Nullable Integer port, boolean insecure) {
  public AdminConfig {
    var _ = new ListenConfig(host, port);
  }

  /** As {@link ListenConfig#address}. */
  public ListenAddress address(String key, int usualPort) {
    return new ListenConfig(host, port).address(key, usualPort);
  }
}
