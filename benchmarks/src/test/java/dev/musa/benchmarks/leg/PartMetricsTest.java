package dev.musa.benchmarks.leg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartMetricsTest {
  private static final PartMetrics METRICS =
      new PartMetrics(
          """
          # HELP items_total Items
          # TYPE items_total counter
          items_total{reason="a b",signal="traces"} 2.0
          items_total{reason="c",signal="logs"} 1.5E3
          items_total_more 7.0
          pods 100000.0
          """);

  @Test
  void sum_isThatOfAllSeriesOfTheName() {
    assertThat(METRICS.sum("items_total")).isEqualTo(1502);
    assertThat(METRICS.sum("pods")).isEqualTo(100_000);
  }

  @Test
  void unknownName_isZero() {
    assertThat(METRICS.sum("items")).isZero();
  }
}
