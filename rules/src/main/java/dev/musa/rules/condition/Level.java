package dev.musa.rules.condition;

/** How much two items must have in common for an expression to be the same for both. */
public enum Level {
  /** The same for everything. */
  CONSTANT,
  /** The same for all items of a resource. */
  RESOURCE,
  /** The same for all items of a resource's scope. */
  SCOPE,
  /** The same for all data points of a metric. */
  METRIC,
  ITEM
}
