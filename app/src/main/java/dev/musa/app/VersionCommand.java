package dev.musa.app;

import dev.musa.app.terminal.Output;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code musa version}. */
@Command(name = "version", description = "Print the version.")
final class VersionCommand implements Runnable {
  private final Output output;

  VersionCommand(Output output) {
    this.output = output;
  }

  @Override
  public void run() {
    output.say(text());
  }

  private static String text() {
    // From the jar's manifest: absent in tests, which run from folders of classes.
    @Nullable String version = VersionCommand.class.getPackage().getImplementationVersion();
    return "musa " + (version == null ? "(unpackaged)" : version) + " on Java " + Runtime.version();
  }

  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {text()};
    }
  }
}
