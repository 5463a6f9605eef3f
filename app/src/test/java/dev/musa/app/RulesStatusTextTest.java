package dev.musa.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.rules.PublishedRules;
import dev.musa.rules.publish.Publication;
import dev.musa.rules.publish.Refusal;
import dev.musa.rules.publish.Timeline;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RulesStatusTextTest {
  @Test
  void nothing_isSaidInALine() {
    assertThat(RulesStatusText.lines(new PublishedRules(Map.of(), Timeline.EMPTY, null, null), 0))
        .containsExactly("in force   none: everything is kept");
  }

  @Test
  void whatComesNextAndWhatIsRefused_isSaid() {
    Publication next =
        new Publication("abc", 60_000, new TreeMap<>(Map.of("b.yaml", "", "a.yaml", "")));
    Refusal refusal = new Refusal(1_000, "/rules", List.of("a.yaml:3:1: unknown key\n  3 | x"));

    assertThat(
            RulesStatusText.lines(new PublishedRules(Map.of(), Timeline.EMPTY, next, refusal), 0))
        .containsExactly(
            "in force   none: everything is kept",
            "next       abc from 1970-01-01T00:01:00Z",
            "files      a.yaml, b.yaml",
            "refused    /rules since 1970-01-01T00:00:01Z, the rules before stay:",
            "  a.yaml:3:1: unknown key",
            "    3 | x");
  }
}
