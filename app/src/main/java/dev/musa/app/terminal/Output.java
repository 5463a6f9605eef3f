package dev.musa.app.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;

/**
 * Where a command writes for its user.
 *
 * @param terminal whether {@code out} can redraw in place
 */
public record Output(PrintWriter out, PrintWriter err, boolean terminal) {

  /** The process's own; whether that is a terminal the start script says, else the JDK. */
  public static Output ofProcess() {
    String told = System.getProperty("musa.terminal");
    boolean terminal = told == null ? isConsole() : Boolean.parseBoolean(told);
    return new Output(writer(FileDescriptor.out), writer(FileDescriptor.err), terminal);
  }

  // A JDK image without the console's module has none.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isConsole() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** One line for a person, at once. */
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  /** One line about what went wrong, at once. */
  public void complain(String line) {
    err.println(line);
    err.flush();
  }

  // System.out would encode by the locale, where many servers have POSIX.
  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), UTF_8), false);
  }
}
