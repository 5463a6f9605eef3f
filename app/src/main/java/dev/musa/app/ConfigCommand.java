package dev.musa.app;

import dev.musa.app.config.ConfigOptions;
import dev.musa.app.terminal.Output;
import dev.musa.runtime.config.ConfigPrinter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code musa config}. */
@Command(
    name = "config",
    description = "Print the effective configuration, with secrets masked.",
    sortOptions = false)
final class ConfigCommand implements Runnable {
  @Mixin private final ConfigOptions options = new ConfigOptions();

  private final Output output;

  ConfigCommand(Output output) {
    this.output = output;
  }

  @Override
  public void run() {
    output.say(ConfigPrinter.print(options.read()).stripTrailing());
  }
}
