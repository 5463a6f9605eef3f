package dev.musa.processors.sampling;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Lets the benchmarks call the sampler's two tables, which are hidden from other packages and so
 * can only be reached from this one: {@link PartitionSampler} asks them by turns, so that neither
 * can be measured alone through it. Knows nothing of the bench.
 */
public final class TraceTablesDoor {
  private static final Outcome KEPT = new Outcome(Verdict.KEPT, "errors", "000000000000");

  private final TraceHash hash;
  private final RememberedTraces remembered;
  private final WaitingTraces waiting;

  public TraceTablesDoor(long seed) {
    hash = new TraceHash(new SplittableRandom(seed));
    remembered = new RememberedTraces(600_000);
    waiting = new WaitingTraces(hash);
  }

  public void addRemembered(long high, long low) {
    hash.of(high, low);
    remembered.put(hash, high, low, KEPT, 1);
  }

  public void addWaiting(long high, long low, long offset) {
    hash.of(high, low);
    waiting.add(high, low, offset, 1, (char) 0);
  }

  /** The decision about a trace, or null if there is none. */
  public @Nullable Outcome findRemembered(long high, long low) {
    hash.of(high, low);
    return remembered.find(hash, high, low);
  }

  /** The number of a waiting trace, or -1 if it does not wait. */
  public long findWaiting(long high, long low) {
    hash.of(high, low);
    return waiting.find(high, low);
  }

  public int rememberedTraces() {
    return remembered.size();
  }

  public int waitingTraces() {
    return waiting.size();
  }
}
