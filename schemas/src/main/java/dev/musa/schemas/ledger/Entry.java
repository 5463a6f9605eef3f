package dev.musa.schemas.ledger;

import java.util.List;

/**
 * What an account's reader did between two commits, or the sum of many such.
 *
 * @param fromOffset the first offset that it covers
 * @param toOffset the offset after the last one that it covers: what was committed
 * @param records how many records lay between
 * @param expired how many of the offsets between retention deleted before they were read
 * @param taken items by tenant, as the headers of these records say
 * @param outcomes what became of them
 */
public record Entry(
    Account account,
    long fromOffset,
    long toOffset,
    long records,
    long expired,
    List<Line> taken,
    List<Line> outcomes) {
  public Entry {
    if (toOffset < fromOffset || records < 0 || expired < 0) {
      throw new IllegalArgumentException(
          "ledger entry of %s from %d to %d with %d records and %d expired (expected: offsets that rise, 0 or more records)"
              .formatted(account.key(), fromOffset, toOffset, records, expired));
    }
    taken = List.copyOf(taken);
    outcomes = List.copyOf(outcomes);
  }
}
