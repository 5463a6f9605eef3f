package dev.musa.rules;

import java.util.List;

/**
 * The steps for metrics, in order, compiled for one thread; conditions are those of data points.
 */
public record MetricRules(List<Step> steps) {
  public MetricRules {
    steps = List.copyOf(steps);
  }
}
