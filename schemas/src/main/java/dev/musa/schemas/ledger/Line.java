package dev.musa.schemas.ledger;

/**
 * Items of one tenant that had the same fate.
 *
 * @param outcome what became of them; empty for what was taken in
 * @param reason the rule, policy or cause; empty where the outcome says it all
 */
public record Line(String tenant, String outcome, String reason, long items, long bytes) {
  public Line {
    if (items < 0 || bytes < 0) {
      throw new IllegalArgumentException(
          "items: %d, bytes: %d (expected: 0 or more)".formatted(items, bytes));
    }
  }

  /** Both together; only for lines of the same tenant, outcome and reason. */
  public Line plus(Line other) {
    return new Line(tenant, outcome, reason, items + other.items, bytes + other.bytes);
  }
}
