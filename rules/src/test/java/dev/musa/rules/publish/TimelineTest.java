package dev.musa.rules.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.rules.RuleException;
import dev.musa.rules.RuleSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final String RULES = "apiVersion: musa.dev/v1\nkind: Rules\n";

  @Test
  void at_isTheSetWhoseActivationCameLast() throws Exception {
    Timeline timeline = Timeline.EMPTY.with(set("a", 100)).with(set("b", 200));

    assertThat(timeline.at(99).version()).isEqualTo("a");
    assertThat(Timeline.EMPTY.at(99)).isSameAs(RuleSet.EMPTY);
    assertThat(timeline.at(100).version()).isEqualTo("a");
    assertThat(timeline.at(199).version()).isEqualTo("a");
    assertThat(timeline.at(200).version()).isEqualTo("b");
    assertThat(timeline.at(Long.MAX_VALUE).version()).isEqualTo("b");
    assertThat(timeline.newest().version()).isEqualTo("b");
  }

  @Test
  void version_thatComesBackIsInForceTwice() throws Exception {
    Timeline timeline = Timeline.EMPTY.with(set("a", 100)).with(set("b", 200)).with(set("a", 300));

    assertThat(timeline.at(150).version()).isEqualTo("a");
    assertThat(timeline.at(250).version()).isEqualTo("b");
    assertThat(timeline.at(350).version()).isEqualTo("a");
    assertThat(timeline.version("b")).isNotNull();
  }

  @Test
  void with_anEarlierActivationWinsFromThenOn() throws Exception {
    Timeline timeline = Timeline.EMPTY.with(set("a", 100)).with(set("b", 300)).with(set("c", 200));

    assertThat(timeline.at(150).version()).isEqualTo("a");
    assertThat(timeline.at(250).version()).isEqualTo("c");
    assertThat(timeline.at(350).version()).isEqualTo("c");
  }

  @Test
  void fromBacklog_holdsForAllThatIsNotProcessedYet() throws Exception {
    RuleSet backlog =
        RuleSet.load(Map.of("a.yaml", RULES + "from: backlog\n"), null).published("b", 300);
    Timeline timeline = Timeline.EMPTY.with(set("a", 100)).with(backlog);

    assertThat(timeline.at(0).version()).isEqualTo("b");
    assertThat(timeline.at(150).version()).isEqualTo("b");
    assertThat(timeline.version("a")).isNotNull();
    assertThat(timeline.with(set("c", 400)).at(399).version()).isEqualTo("b");
    assertThat(timeline.with(set("c", 400)).at(400).version()).isEqualTo("c");
  }

  @Test
  void version_ofTheEmptySetIsAlwaysKnown() throws Exception {
    assertThat(Timeline.EMPTY.version(RuleSet.EMPTY.version())).isSameAs(RuleSet.EMPTY);
    assertThat(Timeline.EMPTY.version("a")).isNull();
    assertThat(Timeline.EMPTY.with(set("a", 1)).version("a").activeFromUnixMilli()).isEqualTo(1);
  }

  private static RuleSet set(String version, long activeFrom) throws RuleException {
    return RuleSet.load(Map.of("a.yaml", RULES), null).published(version, activeFrom);
  }
}
