package dev.musa.benchmarks;

import dev.musa.app.terminal.Output;
import dev.musa.benchmarks.jmh.JmhResult;
import dev.musa.benchmarks.jmh.JmhRow;
import dev.musa.benchmarks.jmh.JmhRun;
import dev.musa.benchmarks.process.Machine;
import dev.musa.benchmarks.process.MusaJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code musa bench jmh}. */
@Command(
    name = "jmh",
    description = "Measure single pieces of code: time and allocation per item.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class JmhCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "REGEX",
      defaultValue = "",
      description = "Only those whose name has this in it, such as Walker.walk (default: all).")
  String include = "";

  @Option(
      names = "--quick",
      description = "One JVM and one second each: only to see that they work.")
  boolean quick;

  @Option(
      names = "--result",
      paramLabel = "FILE",
      defaultValue = "jmh-result.json",
      description = "Where the figures go as JSON (default: ${DEFAULT-VALUE}).")
  Path result = Path.of("jmh-result.json");

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Output output;

  JmhCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws IOException {
    MusaJvm jvm = MusaJvm.ofScript();
    Instant started = Instant.now();
    List<JmhRow> rows = new JmhRun(include, quick).run(jvm, output::say);
    new JmhResult(
            started.toString(),
            spec.commandLine().getParseResult().originalArgs(),
            Machine.current(jvm),
            quick,
            rows)
        .write(result);
    output.say("figures: " + result);
    return 0;
  }
}
