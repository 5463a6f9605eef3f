package dev.musa.processors.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A rule-set version over spans that carry flags: drops spans by flag, and policies that ask for a
 * flag, a duration and a probability.
 */
record TestRules(
    String version, long waitMillis, int droppedFlags, boolean samples, List<TestPolicy> all)
    implements SamplingRules {

  record TestPolicy(
      String name, Verdict onMatch, int flag, long longerThanNanos, double probability) {}

  static TestRules random(int number, RandomGenerator random) {
    boolean samples = random.nextInt(5) > 0;
    List<TestPolicy> policies = new ArrayList<>();
    int count = samples ? random.nextInt(4) : 0;
    for (int i = 0; i < count; i++) {
      Verdict verdict = random.nextInt(3) == 0 ? Verdict.SAMPLED_OUT : Verdict.KEPT;
      policies.add(
          new TestPolicy(
              "policy-" + i,
              verdict,
              random.nextBoolean() ? 1 << random.nextInt(4) : 0,
              random.nextInt(3) == 0 ? random.nextLong(40) : -1,
              random.nextInt(3) == 0 ? random.nextDouble() : 1));
    }
    long[] waits = {0, 1, 7, 30};
    return new TestRules(
        "v" + number,
        waits[random.nextInt(waits.length)],
        random.nextInt(3) == 0 ? 1 << random.nextInt(4) : 0,
        samples,
        List.copyOf(policies));
  }

  boolean drops(SimulatedLog.Span span) {
    return (span.flags() & droppedFlags) != 0;
  }

  /** As the host would compile them: bit i is the flag of policy i. */
  @Override
  public Policies policies() {
    List<Policy> compiled = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      TestPolicy p = all.get(i);
      compiled.add(
          new Policy(
              p.name,
              p.onMatch,
              p.flag == 0 ? 0 : 1L << (i * 9),
              p.longerThanNanos,
              Randomness.ofProbability(p.probability)));
    }
    return samples ? Policies.sampling(version, compiled) : Policies.keeping(version);
  }

  long conditions(SimulatedLog.Span span) {
    long bits = 0;
    for (int i = 0; i < all.size(); i++) {
      if ((span.flags() & all.get(i).flag) != 0) {
        bits |= 1L << (i * 9);
      }
    }
    return bits;
  }
}
