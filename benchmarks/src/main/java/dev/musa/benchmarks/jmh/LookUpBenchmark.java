package dev.musa.benchmarks.jmh;

import dev.musa.processors.sampling.TraceTablesDoor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The sampler's two tables; a trace id is made for each look-up, which costs some 2 ns. */
@State(Scope.Thread)
@OperationsPerInvocation(LookUpBenchmark.LOOK_UPS)
public class LookUpBenchmark {
  static final int LOOK_UPS = 1024;

  /** Steps so far that no cache line is met again soon. */
  private static final long STRIDE = 0x9e3779b97f4a7c15L;

  /** In each of the tables. */
  @Param({"1000000"})
  public int traces;

  private TraceTablesDoor tables;
  private long next;

  @Setup
  public void setUp() {
    tables = new TraceTablesDoor(7);
    for (int n = 0; n < traces; n++) {
      tables.addRemembered(high(n), low(n));
      tables.addWaiting(high(n), low(n), n);
    }
    Requests.check("remembered traces", tables.rememberedTraces(), traces);
    Requests.check("waiting traces", tables.waitingTraces(), traces);
    Requests.check("remembered, found", remembered(), LOOK_UPS);
    Requests.check("remembered, missed", rememberedMissed(), 0);
    Requests.check("waiting, found", waiting(), LOOK_UPS);
    Requests.check("waiting, missed", waitingMissed(), 0);
  }

  /** Pass two: the decision about a trace. */
  @Benchmark
  public int remembered() {
    return countRemembered(0);
  }

  /** A new trace. */
  @Benchmark
  public int rememberedMissed() {
    return countRemembered(traces);
  }

  /** Pass one: the summary of a trace. */
  @Benchmark
  public int waiting() {
    return countWaiting(0);
  }

  /** A new trace. */
  @Benchmark
  public int waitingMissed() {
    return countWaiting(traces);
  }

  private int countRemembered(int from) {
    int found = 0;
    for (int i = 0; i < LOOK_UPS; i++) {
      int n = from + nextNumber();
      found += tables.findRemembered(high(n), low(n)) == null ? 0 : 1;
    }
    return found;
  }

  private int countWaiting(int from) {
    int found = 0;
    for (int i = 0; i < LOOK_UPS; i++) {
      int n = from + nextNumber();
      found += tables.findWaiting(high(n), low(n)) < 0 ? 0 : 1;
    }
    return found;
  }

  private int nextNumber() {
    next += STRIDE;
    return (int) Math.unsignedMultiplyHigh(next, traces);
  }

  private static long high(int n) {
    return mix(2L * n + 1);
  }

  private static long low(int n) {
    return mix(2L * n + 2);
  }

  private static long mix(long value) {
    long z = value * STRIDE;
    z = (z ^ (z >>> 32)) * 0xd6e8feb86659fd93L;
    return z ^ (z >>> 32);
  }
}
