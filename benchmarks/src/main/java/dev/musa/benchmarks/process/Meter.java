package dev.musa.benchmarks.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** Measures what processes use in a window. */
public final class Meter {
  private final List<Watched> watched;
  private final List<Duration> cpuBefore;
  private final List<Long> allocatedBefore;
  private final long startNanos = System.nanoTime();

  private Meter(List<Watched> watched) {
    this.watched = new ArrayList<>(watched);
    this.allocatedBefore = all(Watched::allocatedBytes);
    this.cpuBefore = new ArrayList<>(watched.stream().map(Watched::cpu).toList());
  }

  public static Meter start(List<Watched> watched) {
    return new Meter(watched);
  }

  /** Adds processes that were started since then, whose own start belongs to the window. */
  public void add(List<Watched> started) {
    for (Watched process : started) {
      watched.add(process);
      cpuBefore.add(Duration.ZERO);
      allocatedBefore.add(0L);
    }
  }

  /** What was used since the start; divides by items later, when they are known. */
  public Reading read() {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    List<Duration> cpu = watched.stream().map(Watched::cpu).toList();
    return new Reading(
        List.copyOf(watched),
        seconds,
        cpuBefore,
        cpu,
        allocatedBefore,
        all(Watched::allocatedBytes));
  }

  private List<Long> all(ToLongFunction<Watched> figure) {
    return new ArrayList<>(watched.stream().map(figure::applyAsLong).toList());
  }

  /** What was read at the end of a window. */
  public record Reading(
      List<Watched> watched,
      double seconds,
      List<Duration> cpuBefore,
      List<Duration> cpuAfter,
      List<Long> allocatedBefore,
      List<Long> allocatedAfter) {

    /** Per item; also asks for the heap, so the processes have to run still. */
    public List<Usage> per(long items) {
      return IntStream.range(0, watched.size()).mapToObj(i -> usage(i, items)).toList();
    }

    private Usage usage(int i, long items) {
      Watched process = watched.get(i);
      double cpu = cpuAfter.get(i).minus(cpuBefore.get(i)).toNanos() / 1e9;
      double allocated =
          process.isJvm()
              ? (double) (allocatedAfter.get(i) - allocatedBefore.get(i)) / items
              : Watched.UNKNOWN;
      return new Usage(
          process.name(),
          cpu,
          cpu / items * 1e6,
          process.peakResidentBytes(),
          process.heapAfterGc(),
          allocated);
    }
  }
}
