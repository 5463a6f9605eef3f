package dev.musa.benchmarks;

import dev.musa.app.terminal.Output;

/** The {@code musa bench} command. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(Commands.commandLine(Output.ofProcess()).execute(arguments));
  }
}
