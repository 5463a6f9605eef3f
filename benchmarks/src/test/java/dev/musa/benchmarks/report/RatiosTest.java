package dev.musa.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.benchmarks.process.Usage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RatiosTest {
  @Test
  void spread_isOfTheSortedValues() {
    assertThat(Spread.of(List.of(3.0, 1.0, 10.0))).isEqualTo(new Spread(1, 3, 10));
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(new Spread(1, 2.5, 4));
    assertThat(Spread.of(List.of(5.0))).hasToString("5.00 (5.00 to 5.00)");
  }

  @Test
  void spread_ofNothingIsRefused() {
    assertThatThrownBy(() -> Spread.of(List.of())).hasMessageContaining("expected: at least one");
  }

  @Test
  void ratios_areTakenRoundByRound() {
    Ratios ratios =
        Ratios.of(
                List.of(round("musa", 2, 1), round("musa", 4, 1)),
                List.of(round("peer", 10, 3), round("peer", 40, 2)))
            .getFirst();

    assertThat(ratios.ours()).isEqualTo(new Spread(2, 3, 4));
    assertThat(ratios.theirs()).isEqualTo(new Spread(10, 25, 40));
    assertThat(ratios.ratio()).isEqualTo(new Spread(5, 7.5, 10));
    assertThat(ratios.kafka()).isEqualTo(new Spread(2, 2.5, 3));
    assertThat(ratios.lines()).contains("  ratio        7.50 (5.00 to 10.00)");
  }

  @Test
  void kafka_countsWhereTheOtherDoesWithoutIt() {
    Ratios ratios =
        Ratios.of(List.of(round("musa", 2, 1)), List.of(round("gateway", 6, 0))).getFirst();

    assertThat(ratios.ours()).isEqualTo(new Spread(3, 3, 3));
    assertThat(ratios.ratio()).isEqualTo(new Spread(2, 2, 2));
    assertThat(ratios.kafka()).isNull();
  }

  @Test
  void windowsOfTwoKinds_areNotMixed() {
    Figures steady = figures("steady", 2, 1);
    Figures whole = figures("whole", 4, 1);
    List<LegResult> theirs =
        List.of(round("peer", figures("whole", 8, 1)), round("peer", figures("whole", 8, 1)));

    List<Ratios> both =
        Ratios.of(List.of(round("musa", steady, whole), round("musa", steady, whole)), theirs);
    assertThat(both).extracting(Ratios::leg).containsExactly("intake", "intake with starts");
    assertThat(both).extracting(Ratios::windows).containsExactly("steady; theirs: whole", "whole");
    assertThat(both).extracting(ratios -> ratios.ratio().median()).containsExactly(4.0, 2.0);

    List<Ratios> one =
        Ratios.of(List.of(round("musa", steady, whole), round("musa", whole)), theirs);
    assertThat(one).extracting(ratios -> ratios.ratio().median()).containsExactly(2.0);
  }

  @Test
  void rounds_saySpreadsOfOneSubject() {
    assertThat(Rounds.lines(List.of(round("musa", 2, 1)))).isEmpty();
    assertThat(Rounds.lines(List.of(round("musa", 2, 1), round("musa", 4, 1))))
        .contains(
            "intake of traces, musa, 2 rounds, median (min to max):",
            "  one, CPU s/M                     1.50 (1.00 to 2.00)");
  }

  private static LegResult round(String subject, double cpu, double kafka) {
    return round(subject, figures("measured", cpu, kafka));
  }

  private static Figures figures(String window, double cpu, double kafka) {
    return new Figures(
        window,
        10,
        1_000_000,
        List.of(
            usage("kafka", kafka),
            usage("one", cpu / 2),
            usage("two", cpu / 2),
            usage("bench load", 99),
            usage("bench backend", 99)));
  }

  private static LegResult round(String subject, Figures... figures) {
    return new LegResult(
        "intake",
        subject,
        "traces",
        List.of(figures),
        null,
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static Usage usage(String name, double cpuSecondsPerMillion) {
    return new Usage(name, cpuSecondsPerMillion, cpuSecondsPerMillion, 1, 1, 1);
  }
}
