package dev.musa.rules.yaml;

import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds what somebody probably meant. */
public final class Nearest {
  private static final int FEW = 8;

  private Nearest() {}

  /** The nearest name if one is near, and all of them if they are few or none is near. */
  public static String advice(String actual, Collection<String> known) {
    String nearest = of(actual, known);
    String all = String.join(", ", new TreeSet<>(known));
    if (nearest == null) {
      return "one of " + all;
    }
    return "'" + nearest + "'" + (known.size() > FEW ? "" : ", or another of " + all);
  }

  /** The name with the fewest edits away, or null if none is similar. */
  public static @Nullable String of(String actual, Collection<String> known) {
    String best = null;
    int bestDistance = Math.max(1, actual.length() / 3) + 1;
    for (String candidate : new TreeSet<>(known)) {
      int distance = distance(actual.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** Edits from one to the other; letters that changed places are one edit. */
  private static int distance(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        edits[i][j] = i == 0 || j == 0 ? i + j : edit(edits, a, b, i, j);
      }
    }
    return edits[a.length()][b.length()];
  }

  private static int edit(int[][] edits, String a, String b, int i, int j) {
    int substitution = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int edit = Math.min(substitution, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(edit, edits[i - 2][j - 2] + 1) : edit;
  }
}
