package dev.musa.benchmarks.jmh;

import dev.musa.rules.Condition;
import dev.musa.schemas.wire.OtlpCursor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Compiled conditions, each of which has a budget of 50 ns without allocation. */
@State(Scope.Thread)
public class ConditionBenchmark {
  private static final int ROUNDS_OF_OTHERS = 20_000;

  @Param public SampleCondition condition = SampleCondition.STATUS;

  private Condition compiled;
  private OtlpCursor[] spots;
  private byte[][] requests;
  private OtlpCursor cursor;

  @Setup
  public void setUp() {
    // All conditions run first, so that the JIT finds calls that go to many classes, as they do in
    // a process with several rules, and does not make one condition out of the whole tree.
    for (SampleCondition other : SampleCondition.values()) {
      compiled = other.compile();
      spots = Requests.spots(other.signal());
      for (int round = 0; round < ROUNDS_OF_OTHERS / Requests.SPOTS; round++) {
        again();
      }
    }
    compiled = condition.compile();
    spots = Requests.spots(condition.signal());
    requests = Requests.of(condition.signal());
    cursor = new OtlpCursor(condition.signal());
    int hits = first();
    boolean isRare =
        condition == SampleCondition.ABSENT_ATTRIBUTE || condition == SampleCondition.ONE_OF;
    if (isRare ? hits != 0 : hits == 0 || hits == Requests.ITEMS) {
      throw new IllegalStateException(condition + " holds for " + hits + " items");
    }
  }

  /** At an item that was looked at before: what one more condition costs. */
  @Benchmark
  @OperationsPerInvocation(Requests.SPOTS)
  public int again() {
    int hits = 0;
    for (OtlpCursor spot : spots) {
      hits += compiled.test(spot) ? 1 : 0;
    }
    return hits;
  }

  /** At an item that nothing has looked at: with the walk to it and the search for its fields. */
  @Benchmark
  @OperationsPerInvocation(Requests.ITEMS)
  public int first() {
    int hits = 0;
    for (byte[] request : requests) {
      cursor.reset(request);
      while (cursor.next()) {
        hits += compiled.test(cursor) ? 1 : 0;
      }
    }
    return hits;
  }
}
