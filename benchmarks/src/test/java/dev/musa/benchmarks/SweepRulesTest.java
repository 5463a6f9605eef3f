package dev.musa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.benchmarks.leg.RuleFiles;
import dev.musa.rules.RulesCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepRulesTest {
  private static final Duration WAIT = Duration.ofSeconds(2);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 100})
  void steps_areValidRules(int count) throws IOException {
    assertValid(SweepRules.steps(directory, count));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 50})
  void policies_areValidRules(int count) throws IOException {
    assertValid(SweepRules.policies(directory, count, WAIT));
  }

  @Test
  void sampling_isAValidRule() throws IOException {
    assertValid(RuleFiles.sampling(directory, Duration.ofMillis(1500)));
  }

  private static void assertValid(Path rules) throws IOException {
    RulesCheck check = RulesCheck.of(rules);
    assertThat(check.isValid()).as(check.format()).isTrue();
  }
}
