package dev.musa.app;

import dev.musa.app.terminal.Output;

/** The {@code musa} command. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Logs.silence();
    System.exit(MusaCommand.commandLine(Output.ofProcess()).execute(arguments));
  }
}
