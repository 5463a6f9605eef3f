package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.backend.BackendClient;
import dev.musa.benchmarks.load.Pace;
import dev.musa.benchmarks.payload.Pool;
import dev.musa.benchmarks.payload.Traffic;
import dev.musa.benchmarks.process.Profiler;
import dev.musa.benchmarks.process.Watched;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Under which conditions a leg runs.
 *
 * @param backend null: nothing is delivered to the bench
 * @param bystanders processes of the bench itself, whose CPU is shown because it is taken from the
 *     same machine
 * @param profiler null: no flame graphs
 */
public record Conditions(
    Pool pool,
    Traffic traffic,
    Pace pace,
    Duration warmUp,
    Duration duration,
    Expectation expectation,
    @Nullable BackendClient backend,
    List<Watched> bystanders,
    Reporter reporter,
    @Nullable Profiler profiler) {
  public Conditions {
    bystanders = List.copyOf(bystanders);
  }

  /** The same with other requests at another pace. */
  public Conditions with(Pool other, Pace otherPace) {
    return new Conditions(
        other,
        traffic,
        otherPace,
        warmUp,
        duration,
        expectation,
        backend,
        bystanders,
        reporter,
        profiler);
  }

  /** The same with other rules. */
  public Conditions expecting(Expectation other) {
    return new Conditions(
        pool, traffic, pace, warmUp, duration, other, backend, bystanders, reporter, profiler);
  }
}
