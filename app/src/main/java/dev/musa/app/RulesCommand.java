package dev.musa.app;

import dev.musa.app.terminal.Output;
import dev.musa.rules.RulesCheck;
import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code musa rules}. */
@Command(name = "rules", description = "Work on rules.", synopsisSubcommandLabel = "COMMAND")
final class RulesCommand {
  private final Output output;

  RulesCommand(Output output) {
    this.output = output;
  }

  @Command(name = "check", description = "Say what is wrong with a rule set, if anything is.")
  int check(
      @Parameters(paramLabel = "DIR", description = "A directory of rule files, or one file.")
          Path path) {
    try {
      RulesCheck check = RulesCheck.of(path);
      if (check.isValid()) {
        output.say(check.format());
        return 0;
      }
      output.complain(check.format());
      return 1;
    } catch (IOException e) {
      throw new StartupException(
          "rules: " + Objects.requireNonNullElse(e.getMessage(), e.toString()), e);
    }
  }
}
