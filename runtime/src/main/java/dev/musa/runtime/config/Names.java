package dev.musa.runtime.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Comparing names as people write them. */
final class Names {

  private Names() {}

  /** Lower case without {@code -} and {@code _}. */
  static String folded(String name) {
    return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
  }

  /** {@code OTLP_GRPC} becomes {@code otlpGrpc}. */
  static String lowerCamelCase(String constant) {
    StringBuilder camel = new StringBuilder();
    for (String word : constant.split("_", -1)) {
      String lower = word.toLowerCase(Locale.ROOT);
      camel.append(
          camel.isEmpty() || lower.isEmpty()
              ? lower
              : Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
    }
    return camel.toString();
  }

  /** What somebody who wrote {@code name} probably meant: the hint for a message. */
  static String hint(String name, Collection<String> known) {
    @Nullable String nearest = nearest(name, known);
    return nearest != null
        ? "did you mean '" + nearest + "'?"
        : "expected: one of " + String.join(", ", known);
  }

  static @Nullable String nearest(String name, Collection<String> known) {
    String folded = folded(name);
    int limit = Math.clamp(folded.length() / 3, 1, 3);
    @Nullable String nearest = null;
    int best = limit + 1;
    for (String candidate : known) {
      int distance = distance(folded, folded(candidate));
      if (distance < best) {
        best = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /**
   * Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
   */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
