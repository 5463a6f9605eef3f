package dev.musa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.benchmarks.payload.BenchPods;
import dev.musa.processors.enrich.EnrichDoor;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import org.junit.jupiter.api.Test;

/** 100,000 pods may take 200 MiB of the processors' heap. */
class PodMemoryTest {
  private static final int PODS = 20_000;
  private static final long MOST_BYTES = 2 << 10;

  @Test
  void aPodTakesAtMostTwoKibibytes() {
    // What the first pods load, once for all.
    new EnrichDoor().put(BenchPods.other(0));
    EnrichDoor door = new EnrichDoor();
    long before = liveHeap();
    double bytes;
    try {
      for (int i = 0; i < PODS; i++) {
        door.put(BenchPods.other(i));
      }
      bytes = (double) (liveHeap() - before) / PODS;
    } finally {
      Reference.reachabilityFence(door);
    }
    System.out.printf("%d pods: %.0f bytes of heap each%n", PODS, bytes);

    // Less than an attribute of its own would mean that something else was measured.
    assertThat(bytes).isBetween(100.0, (double) MOST_BYTES);
  }

  /** The least of several collections, as others may allocate in between. */
  private static long liveHeap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
