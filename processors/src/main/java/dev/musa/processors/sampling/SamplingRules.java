package dev.musa.processors.sampling;

/** What the sampler has to know of one rule-set version. */
public interface SamplingRules {
  String version();

  /** How long a trace waits for its spans after the first; 0 if it need not wait. */
  long waitMillis();

  Policies policies();
}
