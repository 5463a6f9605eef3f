package dev.musa.app.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.app.status.Status.Flow;
import dev.musa.schemas.Signal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  private static final Status QUIET =
      new Status(
          List.of(
              new Flow(Signal.TRACES, 12_345, 1_200, 11_000, 1_100, 0, 0, 0),
              new Flow(Signal.LOGS, 7, 7, 0, 7, 0, 0, 0)),
          Duration.ofMillis(2_140),
          "3f2a1b4c5d6e",
          List.of());

  private static final Status TROUBLED =
      new Status(
          List.of(new Flow(Signal.METRICS, 10, 4, 1, 2, 3, 2, 1)),
          null,
          "none (everything is kept)",
          List.of("rules refused: a.yaml:3:7: no such function", "intake is shut: disk full"));

  @Test
  void block_hasOneRowPerSignal() {
    assertThat(StatusText.block(QUIET))
        .containsExactly(
            "                 accepted           kept        dropped      delivered",
            "  traces           12,345          1,200         11,000          1,100  spans",
            "  logs                  7              7              0              7  records",
            "  oldest undelivered 2.1 s   rules 3f2a1b4c5d6e");
  }

  @Test
  void block_showsTroubleAndLosses() {
    assertThat(StatusText.block(TROUBLED))
        .contains(
            "  metrics              10              4              1              2  points"
                + "   refused: 3, dead-lettered: 2, expired: 1",
            "  nothing waits   rules none (everything is kept)",
            "  ! rules refused: a.yaml:3:7: no such function",
            "  ! intake is shut: disk full");
  }

  @Test
  void line_saysTheSame() {
    assertThat(StatusText.line(QUIET))
        .isEqualTo(
            "traces accepted=12345 kept=1200 dropped=11000 delivered=1100"
                + " | logs accepted=7 kept=7 dropped=0 delivered=7"
                + " | oldest undelivered 2.1 s | rules 3f2a1b4c5d6e");
    assertThat(StatusText.line(TROUBLED))
        .isEqualTo(
            "metrics accepted=10 kept=4 dropped=1 delivered=2 refused=3 dead-lettered=2 expired=1"
                + " | nothing waits | rules none (everything is kept)"
                + " | ! rules refused: a.yaml:3:7: no such function"
                + " | ! intake is shut: disk full");
  }

  @Test
  void figures_areTheFlowsAlone() {
    assertThat(StatusText.figures(QUIET))
        .isEqualTo(
            "traces accepted=12345 kept=1200 dropped=11000 delivered=1100"
                + " | logs accepted=7 kept=7 dropped=0 delivered=7");
  }

  @Test
  void aPartAlone_saysNothingOfWhatOthersCount() {
    long elsewhere = Status.ELSEWHERE;
    Flow flow = new Flow(Signal.LOGS, 5, elsewhere, elsewhere, elsewhere, 0, 0, 0);
    Status collector = new Status(List.of(flow), null, "not followed by this part", List.of());

    assertThat(StatusText.line(collector))
        .isEqualTo("logs accepted=5 | rules not followed by this part");
    assertThat(StatusText.block(collector))
        .contains(
            "  logs                  5              -              -              -  records",
            "  rules not followed by this part");
  }

  @Test
  void age_growsInUnits() {
    assertThat(StatusText.line(aged(Duration.ofSeconds(59)))).contains("undelivered 59.0 s");
    assertThat(StatusText.line(aged(Duration.ofSeconds(61)))).contains("undelivered 1 min");
    assertThat(StatusText.line(aged(Duration.ofHours(3)))).contains("undelivered 3 h");
    assertThat(StatusText.line(aged(Duration.ofSeconds(-1)))).contains("undelivered 0.0 s");
  }

  private static Status aged(Duration age) {
    return new Status(List.of(new Flow(Signal.LOGS, 1, 0, 0, 0, 0, 0, 0)), age, "none", List.of());
  }
}
