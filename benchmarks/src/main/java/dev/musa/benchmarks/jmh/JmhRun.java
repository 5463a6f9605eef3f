package dev.musa.benchmarks.jmh;

import dev.musa.benchmarks.process.MusaJvm;
import dev.musa.runtime.lifecycle.StartupException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How the benchmarks are run: each in JVMs of its own, which have MUSA's options.
 *
 * @param include regular expression for what is run; empty for all
 * @param quick only to see that it works
 */
public record JmhRun(String include, boolean quick) {
  private static final TimeValue ITERATION = TimeValue.seconds(1);

  /** Runs them; a line of the table goes to {@code lines} whenever a benchmark is done. */
  public List<JmhRow> run(MusaJvm jvm, Consumer<String> lines) {
    // The cache is of another class path.
    String[] jvmOptions =
        jvm.options().stream()
            .filter(option -> !option.startsWith("-XX:AOTCache="))
            .toArray(String[]::new);
    return run(
        options(Mode.AverageTime)
            .forks(quick ? 1 : 5)
            .warmupIterations(quick ? 1 : 3)
            .warmupTime(ITERATION)
            .measurementIterations(quick ? 1 : 3)
            .measurementTime(ITERATION)
            .addProfiler(GCProfiler.class, "churn=false")
            .jvmArgs(jvmOptions),
        lines);
  }

  /** Runs each once, in this JVM, with tables of this size: nothing is measured. */
  List<JmhRow> runOnce(int entries, Consumer<String> lines) {
    return run(
        options(Mode.SingleShotTime)
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .param("pods", Integer.toString(entries))
            .param("traces", Integer.toString(entries))
            .param("remembered", Integer.toString(entries)),
        lines);
  }

  private ChainedOptionsBuilder options(Mode mode) {
    return new OptionsBuilder()
        .include(include)
        .mode(mode)
        .timeUnit(TimeUnit.NANOSECONDS)
        .shouldFailOnError(true);
  }

  private List<JmhRow> run(ChainedOptionsBuilder options, Consumer<String> lines) {
    RowOutput output = new RowOutput(lines);
    try {
      new Runner(options.build(), output).run();
    } catch (NoBenchmarksException e) {
      throw new StartupException(
          "no benchmark matches " + include + " (expected: a part of a name such as Walker.walk)",
          e);
    } catch (RunnerException e) {
      throw new StartupException(e.getMessage() + "; JMH said:\n" + output.said(), e);
    }
    return output.rows();
  }
}
