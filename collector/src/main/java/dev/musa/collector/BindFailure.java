package dev.musa.collector;

import dev.musa.runtime.lifecycle.StartupException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Says in one line why a listener cannot listen, and what to do. */
final class BindFailure {
  private BindFailure() {}

  /** The key is that of the listener, such as {@code collector.grpc}. */
  static InetSocketAddress address(String key, CollectorConfig.Endpoint endpoint) {
    InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
    if (address.isUnresolved()) {
      throw new StartupException(
          key
              + ".host: '"
              + endpoint.host()
              + "' is not known (expected: an address of this machine, such as 127.0.0.1)");
    }
    return address;
  }

  static StartupException of(String key, CollectorConfig.Endpoint endpoint, Throwable failure) {
    String where = endpoint.host() + ":" + endpoint.port();
    String text = String.valueOf(root(failure).getMessage());
    if (text.contains("in use")) {
      return new StartupException(
          key
              + ".port: "
              + where
              + " is in use by another process; stop that one (is MUSA running already?) or set "
              + key
              + ".port to a free port",
          failure);
    }
    if (text.contains("ermission denied")) {
      return new StartupException(
          key
              + ".port: "
              + where
              + " may not be used by this user; set "
              + key
              + ".port to a port from 1024 on",
          failure);
    }
    return new StartupException(
        key
            + ": cannot listen on "
            + where
            + ": "
            + text
            + " (expected: host is an address of this machine)",
        failure);
  }

  private static Throwable root(Throwable failure) {
    Throwable at = failure;
    @Nullable Throwable cause = at.getCause();
    while (cause != null && !(at instanceof BindException || at instanceof UnknownHostException)) {
      at = cause;
      cause = at.getCause();
    }
    return at;
  }
}
