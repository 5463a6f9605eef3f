package dev.musa.k8s;

import java.time.Duration;

/**
 * Tells when all has been taken that the API had to show when watches were opened. A server sends
 * at once what has changed since the version that a watch goes on from, and does not say when that
 * is all: it is when nothing more comes, or, where changes never end, when there was time enough.
 * For one thread.
 */
final class Settling {
  private static final long QUIET_MILLIS = Duration.ofMillis(300).toMillis();
  private static final long LEAST_MILLIS = Duration.ofSeconds(1).toMillis();

  /** Shorter than anything waits for its pod. */
  private static final long MOST_MILLIS = Duration.ofSeconds(5).toMillis();

  private boolean stand;
  private long since;
  private long lastEvent;

  /** Whether all watches stand now. */
  void look(boolean allStand, long nowMilli) {
    if (allStand && !stand) {
      since = nowMilli;
    }
    stand = allStand;
  }

  /** The API has shown something. */
  void taken(long nowMilli) {
    lastEvent = nowMilli;
  }

  /**
   * @param isEmpty whether nothing that was shown is left to be taken
   */
  boolean isOver(boolean isEmpty, long nowMilli) {
    long standing = nowMilli - since;
    return stand
        && isEmpty
        && standing >= LEAST_MILLIS
        && (nowMilli - lastEvent >= QUIET_MILLIS || standing >= MOST_MILLIS);
  }
}
