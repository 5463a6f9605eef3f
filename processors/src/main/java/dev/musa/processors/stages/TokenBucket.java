package dev.musa.processors.stages;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one key. Besides what it holds now it remembers the takes whose transaction is
 * still open, in order, and what it held before the first of them ({@code base}). When a
 * transaction aborts, the bucket is recomputed from there without that transaction's takes: adding
 * its tokens to the present content would give too many, because refill that found the bucket full
 * in between would count as well.
 *
 * <p>A clock that is set back would leave the bucket as it is until the records' time has come
 * again. So after a minute in which no record came that was as young as the bucket's time, the
 * bucket goes by those that come: at worst, where a partition only lags behind and then others come
 * again, a key gets a burst too much each minute.
 *
 * <p>Guarded by the lock of its table.
 */
final class TokenBucket {
  private static final long SET_BACK_MILLIS = 5_000;
  private static final long SET_BACK_NANOS = Duration.ofMinutes(1).toNanos();

  private final Rate rate;
  private final ReentrantLock lock;

  private long units;
  private long timeMillis;

  /** Since when only older records have come, by the monotonic clock. */
  private long behindSinceNanos;

  private boolean behind;

  private long baseUnits;
  private long baseTimeMillis;
  private int takes;
  private long[] takeTime = new long[2];
  private long[] takeUnits = new long[2];

  /** Who took; null once that transaction has committed. */
  private @Nullable UnitOfWork[] taker = new UnitOfWork[2];

  TokenBucket(Rate rate, long timeMillis, ReentrantLock lock) {
    this.rate = rate;
    this.units = rate.full();
    this.timeMillis = timeMillis;
    this.lock = lock;
  }

  /**
   * @param nanoClock looked at for records that are older than the bucket's time
   */
  boolean take(long recordTimeMillis, UnitOfWork work, LongSupplier nanoClock) {
    if (recordTimeMillis >= timeMillis - SET_BACK_MILLIS) {
      behind = false;
    } else if (!behind) {
      behind = true;
      behindSinceNanos = nanoClock.getAsLong();
    } else if (takes == 0 && nanoClock.getAsLong() - behindSinceNanos >= SET_BACK_NANOS) {
      behind = false;
      timeMillis = recordTimeMillis;
    }
    advance(recordTimeMillis);
    if (units < rate.token()) {
      return false;
    }
    note(work);
    units -= rate.token();
    return true;
  }

  /** Tokens that would be given twice if this bucket were forgotten now, in units. */
  long missing(long recordTimeMillis) {
    advance(recordTimeMillis);
    return rate.full() - units;
  }

  /** Ends the takes of one transaction: for good, or as if they had not been. */
  void settle(UnitOfWork work, boolean committed) {
    lock.lock();
    try {
      if (committed) {
        confirm(work);
      } else {
        revoke(work);
      }
    } finally {
      lock.unlock();
    }
  }

  private void advance(long toMillis) {
    if (toMillis > timeMillis) {
      units = rate.refilled(units, toMillis - timeMillis);
      timeMillis = toMillis;
    }
  }

  private void note(UnitOfWork work) {
    if (takes == 0) {
      baseUnits = units;
      baseTimeMillis = timeMillis;
    }
    if (takes > 0 && taker[takes - 1] == work && takeTime[takes - 1] == timeMillis) {
      takeUnits[takes - 1] += rate.token();
      return;
    }
    if (!hasTakesOf(work)) {
      work.remember(this);
    }
    if (takes == takeTime.length) {
      takeTime = Arrays.copyOf(takeTime, takes * 2);
      takeUnits = Arrays.copyOf(takeUnits, takes * 2);
      taker = Arrays.copyOf(taker, takes * 2);
    }
    takeTime[takes] = timeMillis;
    takeUnits[takes] = rate.token();
    taker[takes] = work;
    takes++;
  }

  /** From the youngest take on: one thread's takes lie together. */
  private boolean hasTakesOf(UnitOfWork work) {
    for (int i = takes - 1; i >= 0; i--) {
      if (taker[i] == work) {
        return true;
      }
    }
    return false;
  }

  private void confirm(UnitOfWork work) {
    boolean othersOpen = false;
    for (int i = 0; i < takes; i++) {
      if (taker[i] == work) {
        taker[i] = null;
      } else if (taker[i] != null) {
        othersOpen = true;
      }
    }
    if (!othersOpen) {
      forgetTakes();
      return;
    }
    int settled = 0;
    while (taker[settled] == null) {
      baseUnits = rate.refilled(baseUnits, takeTime[settled] - baseTimeMillis) - takeUnits[settled];
      baseTimeMillis = takeTime[settled];
      settled++;
    }
    keepTakesFrom(settled);
  }

  private void revoke(UnitOfWork work) {
    long now = timeMillis;
    units = baseUnits;
    timeMillis = baseTimeMillis;
    int kept = 0;
    for (int i = 0; i < takes; i++) {
      if (taker[i] == work) {
        continue;
      }
      advance(takeTime[i]);
      units -= takeUnits[i];
      takeTime[kept] = takeTime[i];
      takeUnits[kept] = takeUnits[i];
      taker[kept] = taker[i];
      kept++;
    }
    advance(now);
    Arrays.fill(taker, kept, takes, null);
    takes = kept;
  }

  private void keepTakesFrom(int first) {
    int left = takes - first;
    System.arraycopy(takeTime, first, takeTime, 0, left);
    System.arraycopy(takeUnits, first, takeUnits, 0, left);
    System.arraycopy(taker, first, taker, 0, left);
    Arrays.fill(taker, left, takes, null);
    takes = left;
  }

  private void forgetTakes() {
    Arrays.fill(taker, 0, takes, null);
    takes = 0;
  }
}
