package dev.musa.app;

import dev.musa.app.terminal.Output;

/** The {@code musa} command. */
public final class Main {
  private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

  private Main() {}

  public static void main(String[] arguments) {
    if (System.getProperty(LEAK_DETECTION) == null) {
      // For finding errors in netty's users, at the cost of a stack trace in a hundred buffers.
      System.setProperty(LEAK_DETECTION, "disabled");
    }
    Logs.silence();
    System.exit(MusaCommand.commandLine(Output.ofProcess()).execute(arguments));
  }
}
