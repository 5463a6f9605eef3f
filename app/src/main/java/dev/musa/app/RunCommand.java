package dev.musa.app;

import dev.musa.app.config.MusaConfig;
import dev.musa.app.terminal.Output;
import dev.musa.app.terminal.StopSignal;
import dev.musa.runtime.lifecycle.StartupException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code musa run}: all parts in one process, or those that are asked for. */
@Command(
    description =
        "Run everything in one process, with a Kafka of its own unless one is configured.")
final class RunCommand extends ServiceCommand {
  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description =
          "Run only these parts: ${COMPLETION-CANDIDATES}; several with commas (default: all).")
  private Set<Part> only = EnumSet.noneOf(Part.class);

  RunCommand(Output output, Function<Duration, StopSignal> signals, InstantSource clock) {
    super("musa", output, signals, clock);
  }

  @Override
  Set<Part> parts(MusaConfig config) {
    if (only.isEmpty()) {
      return config.embedsKafka() ? Part.all() : EnumSet.complementOf(EnumSet.of(Part.KAFKA));
    }
    if (only.contains(Part.KAFKA) && !config.embedsKafka()) {
      throw new StartupException(
          "--only names kafka, and the configuration another Kafka, "
              + config.kafka().bootstrapServers()
              + " (expected: one of the two)");
    }
    return EnumSet.copyOf(only);
  }
}
