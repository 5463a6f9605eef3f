package dev.musa.app;

import dev.musa.app.config.MusaConfig;
import dev.musa.app.terminal.Output;
import dev.musa.app.terminal.StopSignal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.Command;

/** The commands that run one part alone. */
@Command
final class PartCommand extends ServiceCommand {
  private final Part part;

  PartCommand(
      Part part, Output output, Function<Duration, StopSignal> signals, InstantSource clock) {
    super(part.label(), output, signals, clock);
    this.part = part;
  }

  @Override
  Set<Part> parts(MusaConfig config) {
    return EnumSet.of(part);
  }
}
