package dev.musa.app.ledger;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands on one partition behind a reader.
 *
 * @param items by tenant, as the headers say
 * @param oldestUnixMilli time of the first record, or null if there is none
 * @param whole whether it was read to the end; if not there is more than this
 */
record Standing(Map<String, Long> items, @Nullable Long oldestUnixMilli, boolean whole) {
  static final Standing NOTHING = new Standing(Map.of(), null, true);

  Standing {
    items = Map.copyOf(items);
  }

  long of(String tenant) {
    return items.getOrDefault(tenant, 0L);
  }

  /** Both together. */
  Standing plus(Standing other) {
    Map<String, Long> sum = new HashMap<>(items);
    other.items.forEach((tenant, more) -> sum.merge(tenant, more, Long::sum));
    Long oldest = oldestUnixMilli;
    Long others = other.oldestUnixMilli;
    if (oldest == null || (others != null && others < oldest)) {
      oldest = others;
    }
    return new Standing(sum, oldest, whole && other.whole);
  }
}
