package dev.musa.app.config;

import dev.musa.runtime.http.ListenAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where one of the HTTP servers for operators listens.
 *
 * @param port 0 takes a free one; null: the one that is usual for the part of MUSA, so that all
 *     parts can run on one machine
 */
public record ListenConfig(String host, @Nullable Integer port) {
  public ListenConfig {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host is empty (expected: an address of this machine)");
    }
    if (port != null && (port < 0 || port > 65535)) {
      throw new IllegalArgumentException("port is " + port + " (expected: 0 to 65535)");
    }
  }

  /**
   * The address, with the usual port unless one is configured.
   *
   * @param key of this part of the configuration, for messages
   */
  public ListenAddress address(String key, int usualPort) {
    return new ListenAddress(host, port == null ? usualPort : port, key + ".port");
  }
}
