package dev.musa.benchmarks;

import dev.musa.app.terminal.Output;
import dev.musa.benchmarks.process.Stage;
import dev.musa.runtime.config.Durations;
import dev.musa.runtime.lifecycle.StartupException;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** {@code musa bench} with its commands, and how every one of them fails. */
final class Commands {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private Commands() {}

  static CommandLine commandLine(Output output) {
    return new CommandLine(new BenchCommand(output))
        .addSubcommand(new BackendCommand(output))
        .addSubcommand(new LoadCommand(output))
        .addSubcommand(new JmhCommand(output))
        .setOut(output.out())
        .setErr(output.err())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(Duration.class, Durations::parse)
        .setExecutionExceptionHandler((failure, _, _) -> failed(failure, output))
        .setParameterExceptionHandler((misuse, _) -> misused(misuse, output));
  }

  private static int failed(Exception failure, Output output) {
    if (Stage.isStopping()) {
      return FAILED;
    }
    if (failure instanceof StartupException || failure instanceof IllegalArgumentException) {
      output.complain("musa bench: " + failure.getMessage());
      return FAILED;
    }
    output.complain("musa bench: unexpected failure: " + failure);
    PrintWriter err = output.err();
    failure.printStackTrace(err);
    err.flush();
    return FAILED;
  }

  private static int misused(ParameterException misuse, Output output) {
    String command = misuse.getCommandLine().getCommandSpec().qualifiedName();
    output.complain("musa " + misuse.getMessage() + " (see musa " + command + " --help)");
    return MISUSED;
  }
}
