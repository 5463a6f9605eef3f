package dev.musa.schemas.ledger;

import java.util.List;

/**
 * What an account's reader did between two commits, or the sum of many such.
 *
 * @param fromOffset the first offset that it covers
 * @param toOffset the offset after the last one that it covers: what was committed
 * @param records how many records lay between
 * @param taken items by tenant, as the headers of these records say
 * @param outcomes what became of them
 */
public record Entry(
    Account account,
    long fromOffset,
    long toOffset,
    long records,
    List<Line> taken,
    List<Line> outcomes) {
  public Entry {
    if (toOffset < fromOffset || records < 0) {
      throw new IllegalArgumentException(
          "ledger entry of %s from %d to %d with %d records (expected: offsets that rise, 0 or more records)"
              .formatted(account.key(), fromOffset, toOffset, records));
    }
    taken = List.copyOf(taken);
    outcomes = List.copyOf(outcomes);
  }
}
