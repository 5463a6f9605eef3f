package dev.musa.k8s.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PromQlTest {
  @Test
  void parse_findsSelectorsAndGrouping() {
    PromQl query =
        PromQl.parse(
            "sum by (a, b) (rate(items_total{x=\"1\", y=~\"p|q}\"}[5m])) / on (a) up{} offset 1m > 2");

    assertThat(query.selectors())
        .containsExactly(
            new PromQl.Selector(
                "items_total", List.of(new PromQl.Label("x", "1"), new PromQl.Label("y", "p|q}"))),
            new PromQl.Selector("up", List.of()));
    assertThat(query.grouping()).containsExactly("a", "b");
    assertThat(query.strays()).isEmpty();
  }

  @Test
  void parse_findsMetricsWithoutASelector() {
    assertThat(PromQl.parse("sum(rate(items_total[5m])) or vector(0)").strays())
        .containsExactly("items_total");
  }

  @Test
  void parse_refusesWhatIsNoListOfLabels() {
    assertThatThrownBy(() -> PromQl.parse("up{x=1}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("{x=1}");
  }
}
