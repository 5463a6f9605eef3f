package dev.musa.schemas.ledger;

import java.util.Collection;
import java.util.List;

/**
 * The sum of all that one ledger partition held below a position.
 *
 * @param position offset of the first ledger record that is not in it
 */
public record Snapshot(long position, Collection<AccountTotals> accounts) {
  public Snapshot {
    accounts = List.copyOf(accounts);
  }
}
