package dev.musa.rules;

import java.util.List;

/** The steps for logs, in order, compiled for one thread. */
public record LogRules(List<Step> steps) {
  public LogRules {
    steps = List.copyOf(steps);
  }
}
