package dev.musa.processors.sampling;

/** What becomes of a trace. */
public enum Verdict {
  /** All its spans go on. */
  KEPT,
  /** A drop policy took it, or no keep policy did. */
  SAMPLED_OUT
}
