package dev.musa.app.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The key of a record of the snapshots: {@code PARTITION:ACCOUNT} for one account's sum, {@code
 * PARTITION} for how far the sums of all accounts reach together. An account's may be newer than
 * that, if whoever wrote them was interrupted.
 *
 * @param partition of the ledger
 * @param account its {@link dev.musa.schemas.ledger.Account#key}; empty for all together
 */
record SnapshotKey(int partition, String account) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(?::(.+))?");

  byte[] bytes() {
    return (account.isEmpty() ? Integer.toString(partition) : partition + ":" + account)
        .getBytes(UTF_8);
  }

  /** Null if it is none. */
  static @Nullable SnapshotKey parse(byte @Nullable [] key) {
    Matcher matcher = FORM.matcher(key == null ? "" : new String(key, UTF_8));
    if (!matcher.matches()) {
      return null;
    }
    String account = matcher.group(2);
    return new SnapshotKey(Integer.parseInt(matcher.group(1)), account == null ? "" : account);
  }
}
