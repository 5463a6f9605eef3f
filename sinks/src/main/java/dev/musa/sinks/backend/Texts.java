package dev.musa.sinks.backend;

import java.util.Locale;

/** How the messages of backends are kept: one printable line of bounded length. */
final class Texts {
  private static final int MAX_LENGTH = 1_000;

  private Texts() {}

  static String oneLine(String message) {
    var text = new StringBuilder(Math.min(message.length(), MAX_LENGTH));
    for (int i = 0; i < message.length() && text.length() < MAX_LENGTH; i++) {
      char c = message.charAt(i);
      text.append(Character.isISOControl(c) ? ' ' : c);
    }
    return text.toString().strip();
  }

  /** Whether the message contains one of the lower-case {@code needles}, in any case. */
  static boolean mentions(String message, String... needles) {
    var lower = message.toLowerCase(Locale.ROOT);
    for (var needle : needles) {
      if (lower.contains(needle)) {
        return true;
      }
    }
    return false;
  }
}
