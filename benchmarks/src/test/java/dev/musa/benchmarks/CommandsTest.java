package dev.musa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.app.terminal.Output;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class CommandsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void help_namesTheCommands() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("backend", "load", "jmh", "--legs", "--sampling");
  }

  @Test
  void unknownSignal_isRefusedWithWhatIsExpected() {
    assertThat(run("--signal", "profiles")).isEqualTo(2);
    assertThat(err.toString()).contains("'profiles'").contains("TRACES, LOGS, METRICS, MIXED");
  }

  @Test
  void badRate_isRefusedWithAnExample() {
    assertThat(run("--rate", "fast")).isEqualTo(2);
    assertThat(err.toString()).contains("such as 50k/s");
  }

  @Test
  void badDuration_isRefusedWithAnExample() {
    assertThat(run("--duration", "10")).isEqualTo(2);
    assertThat(err.toString()).contains("--duration").contains("such as 10s");
  }

  @Test
  void allInOne_cannotBeFilledFirst() {
    assertThat(run("--all-in-one", "--legs", "intake,drain")).isEqualTo(1);
    assertThat(err.toString()).contains("expected: intake or line");
  }

  @Test
  void sweep_refusesWhatItWouldIgnore() {
    assertThat(run("--sweep", "rules", "--sampling", "10s")).isEqualTo(1);
    assertThat(err.toString()).contains("expected: neither, as it has rules of its own");
    assertThat(run("--sweep", "rate", "--rounds", "5")).isEqualTo(1);
    assertThat(err.toString()).contains("expected: MUSA alone, each value once");
    assertThat(run("--sweep", "tenants", "--all-in-one")).isEqualTo(1);
    assertThat(err.toString()).contains("expected: separate processes");
    assertThat(run("--sweep", "pods", "--legs", "intake")).isEqualTo(1);
    assertThat(err.toString()).contains("expected: line or drain");
    assertThat(run("--sweep", "pods", "--signal", "logs")).isEqualTo(1);
    assertThat(err.toString()).contains("expected: spans of a payload");
    assertThat(run("--sweep", "tenants", "--legs", "line")).isEqualTo(1);
    assertThat(err.toString()).contains("expected: one leg, the drain");
  }

  @Test
  void targetWithoutProcesses_cannotBeCompared() {
    assertThat(run("--target", "127.0.0.1:4317")).isEqualTo(1);
    assertThat(err.toString()).contains("such as --pid other=1234");
  }

  @Test
  void withoutTheScript_itSaysHowToStart() {
    assertThat(run()).isEqualTo(1);
    assertThat(err.toString()).contains("start the bench by ./musa bench");
  }

  @Test
  void ceilingAndTarget_excludeEachOther() {
    assertThat(run("load", "--ceiling", "127.0.0.1:4317")).isEqualTo(1);
    assertThat(err.toString()).contains("expected: one of the two");
  }

  @Test
  void targetWithoutPort_isRefused() {
    assertThat(run("load", "somewhere")).isEqualTo(1);
    assertThat(err.toString()).contains("the target is somewhere (expected: HOST:PORT");
  }

  private int run(String... arguments) {
    Output output = new Output(new PrintWriter(out, true), new PrintWriter(err, true), false);
    return Commands.commandLine(output).execute(arguments);
  }
}
