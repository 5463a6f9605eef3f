package dev.musa.rules;

import java.util.List;
import java.util.stream.Collectors;

/** A rule set that is refused whole, with everything that is wrong with it. */
public final class RuleException extends Exception {
  private final transient List<Problem> problems;

  RuleException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** In the order of files, lines and columns; never empty. */
  public List<Problem> problems() {
    return problems;
  }
}
