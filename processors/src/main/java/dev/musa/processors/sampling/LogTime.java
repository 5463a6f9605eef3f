package dev.musa.processors.sampling;

/**
 * The time of a partition's records as it goes on: never back, also where the clock that stamps
 * them is set back. By the stamps alone, what waits would then wait for as long as the clock was
 * set back, and longer than any wait is remembered for.
 */
final class LogTime {
  /** Less than that is how the clocks of brokers differ; what waits then waits so much longer. */
  static final long SET_BACK_MILLIS = 5_000;

  private final long behindRestoredMillis;
  private long newest = Long.MIN_VALUE;
  private long shift;
  private boolean restored;

  /**
   * @param behindRestoredMillis by how much the first record may be older than what {@link
   *     #restored} was told last, without a clock that was set back
   */
  LogTime(long behindRestoredMillis) {
    this.behindRestoredMillis = behindRestoredMillis;
  }

  /** A stamp of an earlier run, in the order of that time; returns the time that it stands for. */
  long restored(long stamp) {
    restored = true;
    return goOn(stamp, SET_BACK_MILLIS);
  }

  /** The next record has this stamp; returns the time, which is not before that of the last. */
  long at(long stamp) {
    if (restored) {
      restored = false;
      var _ = goOn(stamp, behindRestoredMillis + SET_BACK_MILLIS);
      // What was restored may be ahead of it.
      newest = stamp + shift;
      return newest;
    }
    return goOn(stamp, SET_BACK_MILLIS);
  }

  /** What the clock that stamps the records shows at a time. */
  long stampOf(long time) {
    return time == Long.MIN_VALUE ? time : time - shift;
  }

  private long goOn(long stamp, long tolerated) {
    if (newest != Long.MIN_VALUE && stamp + shift < newest - tolerated) {
      shift = newest - stamp;
    }
    newest = Math.max(newest, stamp + shift);
    return newest;
  }
}
