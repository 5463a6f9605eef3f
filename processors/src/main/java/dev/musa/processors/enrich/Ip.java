package dev.musa.processors.enrich;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Addresses as text: one text for each address, however it was written. */
final class Ip {
  private static final int GROUPS_OF_A_RANGE = 4;

  private Ip() {}

  /** The text itself if it is not an IPv6 address. */
  static String canonical(String text) {
    if (text.indexOf(':') < 0) {
      return text;
    }
    int zone = text.indexOf('%');
    try {
      return InetAddress.ofLiteral(zone < 0 ? text : text.substring(0, zone)).getHostAddress();
    } catch (IllegalArgumentException _) {
      return text;
    }
  }

  /**
   * What an address has in common with its neighbours: the /24 of an IPv4 address, the /64 of an
   * IPv6 one; null if it is neither.
   *
   * @param canonical as {@link #canonical} gives it
   */
  static @Nullable String range(String canonical) {
    int end = canonical.lastIndexOf('.');
    if (canonical.indexOf(':') >= 0) {
      end = -1;
      for (int group = 0; group < GROUPS_OF_A_RANGE; group++) {
        end = canonical.indexOf(':', end + 1);
        if (end < 0) {
          return null;
        }
      }
    }
    return end < 0 ? null : canonical.substring(0, end);
  }
}
