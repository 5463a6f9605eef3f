package dev.musa.collector;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Where a request came from. */
record Sender(@Nullable SocketAddress socket) {
  /** The IP address as text, without port and IPv6 zone; null if the transport has none. */
  @Nullable String address() {
    if (!(socket instanceof InetSocketAddress internet)) {
      return null;
    }
    InetAddress address = internet.getAddress();
    if (address == null) {
      return null;
    }
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
