package dev.musa.rules.yaml;

import dev.musa.rules.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with a rule set; the same problem found twice counts once. */
public final class Problems {
  private static final Comparator<Problem> BY_POSITION =
      Comparator.comparing(Problem::file)
          .thenComparingInt(Problem::line)
          .thenComparingInt(Problem::column);

  private final Set<Problem> found = new LinkedHashSet<>();

  public void add(Position at, String message, String expected) {
    found.add(
        new Problem(
            at.source().name(),
            at.line() + 1,
            at.column() + 1,
            at.source().line(at.line()),
            message,
            expected));
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  public int size() {
    return found.size();
  }

  public void addAll(Problems others) {
    found.addAll(others.found);
  }

  /** In the order of files, lines and columns. */
  public List<Problem> sorted() {
    List<Problem> sorted = new ArrayList<>(found);
    sorted.sort(BY_POSITION);
    return sorted;
  }
}
