package dev.musa.chaos;

import dev.musa.app.terminal.Output;
import dev.musa.runtime.lifecycle.StartupException;
import picocli.CommandLine;

/** The {@code musa chaos} command. */
public final class Main {
  private static final int FAILED = 1;

  private Main() {}

  public static void main(String[] arguments) {
    Output output = Output.ofProcess();
    int code =
        new CommandLine(new ChaosCommand(output))
            .setOut(output.out())
            .setErr(output.err())
            .setExecutionExceptionHandler((failure, _, _) -> {
              if (failure instanceof StartupException || failure instanceof ChaosException) {
                output.complain("musa: " + failure.getMessage());
                return FAILED;
              }
              throw failure;
            })
            .execute(arguments);
    System.exit(code);
  }
}
