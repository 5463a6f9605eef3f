package dev.musa.sinks.flow;

/** What a sink counts beside its items. */
public interface Events {
  /** A request will be sent again. */
  void retried();

  /** A request was divided because it was too large or held something refused. */
  void divided();
}
