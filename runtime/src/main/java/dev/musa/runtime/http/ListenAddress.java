package dev.musa.runtime.http;

import dev.musa.runtime.lifecycle.StartupException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens, and what the user calls it.
 *
 * @param host an address of this machine or a name for one; {@code 0.0.0.0} for all
 * @param port 0 for any free one
 * @param portKey the configuration key of the port, such as {@code admin.port}, for messages
 */
public record ListenAddress(String host, int port, String portKey) {

  public ListenAddress {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host is empty (expected: an address of this machine)");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port is " + port + " (expected: 0 to 65535)");
    }
  }

  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(host, port);
  }

  /** What to tell the user when a server failed to listen here with this exception. */
  public StartupException bindFailure(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return notThisMachine(failure);
      }
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof BindException && message.contains("in use")) {
        return new StartupException(
            "port %d (%s) on %s is in use: stop the other process or set %s"
                .formatted(port, portKey, host, portKey),
            failure);
      }
      if (cause instanceof BindException && message.contains("assign requested address")) {
        return notThisMachine(failure);
      }
      if (message.contains("Permission denied")) {
        return new StartupException(
            "port %d (%s) on %s is not permitted to this user: set %s to 1024 or more"
                .formatted(port, portKey, host, portKey),
            failure);
      }
    }
    return new StartupException(
        "cannot listen on port %d (%s) on %s: %s".formatted(port, portKey, host, failure), failure);
  }

  private StartupException notThisMachine(Throwable failure) {
    return new StartupException(
        "cannot listen on %s, port %d (%s): not an address of this machine (expected: one of its"
                .formatted(host, port, portKey)
            + " own, 127.0.0.1 or 0.0.0.0)",
        failure);
  }
}
