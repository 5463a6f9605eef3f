package dev.musa.app;

import dev.musa.app.terminal.Output;
import dev.musa.app.terminal.StopSignal;
import java.time.InstantSource;

/** The {@code musa} command. */
public final class Main {
  private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(InstantSource.system(), arguments));
  }

  /** Runs a command to its end, by a clock of the caller's, and returns its exit code. */
  public static int run(InstantSource clock, String... arguments) {
    if (System.getProperty(LEAK_DETECTION) == null) {
      // For finding errors in netty's users, at the cost of a stack trace in a hundred buffers.
      System.setProperty(LEAK_DETECTION, "disabled");
    }
    Logs.silence();
    return MusaCommand.commandLine(Output.ofProcess(), StopSignal::ofProcess, clock)
        .execute(arguments);
  }
}
