package dev.musa.app;

import dev.musa.app.config.ConfigOptions;
import dev.musa.app.config.MusaConfig;
import dev.musa.app.terminal.Output;
import dev.musa.rules.PublishedRules;
import dev.musa.rules.RulesCheck;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code musa rules}. */
@Command(name = "rules", description = "Work on rules.", synopsisSubcommandLabel = "COMMAND")
final class RulesCommand {
  private final Output output;
  private final InstantSource clock;

  RulesCommand(Output output, InstantSource clock) {
    this.output = output;
    this.clock = clock;
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

  @Command(
      name = "status",
      description =
          "Say which rules are in force, since when, and why the rule directory is refused, if it"
              + " is. The exit code is 1 then.")
  int status(@Mixin ConfigOptions options) {
    MusaConfig config = options.read();
    KafkaConfig kafka = config.kafkaInUse();
    PublishedRules rules = PublishedRules.read(kafka, config.topicNames());
    RulesStatusText.lines(rules, clock.millis()).forEach(output::say);
    return rules.refusal() == null ? 0 : 1;
  }
}
