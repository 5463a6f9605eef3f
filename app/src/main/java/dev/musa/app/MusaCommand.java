package dev.musa.app;

import dev.musa.app.config.MusaConfig;
import dev.musa.app.deadletter.DeadLetterCommand;
import dev.musa.app.demo.DemoCommand;
import dev.musa.app.ledger.LedgerCommand;
import dev.musa.app.replay.ReplayCommand;
import dev.musa.app.terminal.Output;
import dev.musa.app.terminal.StopSignal;
import dev.musa.app.why.WhyCommand;
import dev.musa.runtime.config.Durations;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** {@code musa}: the list of its commands, and how every one of them fails. */
@Command(
    name = "musa",
    description = "MUSA takes OTLP, processes it by your rules and delivers it.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = VersionCommand.Provider.class,
    subcommands = HelpCommand.class)
final class MusaCommand implements Runnable {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private final CommandLine self = new CommandLine(this);

  /**
   * The command with all others.
   *
   * @param signals makes what ends a command that runs until it is stopped, given the time that
   *     stopping may take
   * @param clock what the parts tell the time by
   */
  static CommandLine commandLine(
      Output output, Function<Duration, StopSignal> signals, InstantSource clock) {
    BiFunction<MusaConfig, Signal, List<String>> sinksOf =
        (config, signal) -> SinkNames.of(config.sinks(), signal);
    CommandLine musa = new MusaCommand().self;
    musa.addSubcommand("run", new RunCommand(output, signals, clock));
    musa.addSubcommand(new DemoCommand(output, signals));
    musa.addSubcommand(new RulesCommand(output, clock));
    musa.addSubcommand(new LedgerCommand(output, signals, sinksOf));
    musa.addSubcommand(new WhyCommand(output));
    musa.addSubcommand(new DeadLetterCommand(output, sinksOf));
    musa.addSubcommand(new ReplayCommand(output, signals, sinksOf));
    musa.addSubcommand(new ConfigCommand(output));
    for (Part part : Part.values()) {
      CommandLine alone = new CommandLine(new PartCommand(part, output, signals, clock));
      alone.getCommandSpec().usageMessage().description(part.description());
      musa.addSubcommand(part.label(), alone);
    }
    musa.addSubcommand(new WarmUpCommand());
    return musa.addSubcommand(new VersionCommand(output))
        .setOut(output.out())
        .setErr(output.err())
        .registerConverter(Duration.class, Durations::parse)
        .registerConverter(Part.class, Part::parse)
        .setExecutionExceptionHandler((failure, _, _) -> failed(failure, output))
        .setParameterExceptionHandler((misuse, _) -> misused(misuse, output));
  }

  @Override
  public void run() {
    self.usage(self.getOut());
  }

  /** One line for what a user can mend; for the rest one line that says where the trace is. */
  private static int failed(Exception failure, Output output) {
    if (failure instanceof StartupException) {
      output.complain("musa: " + failure.getMessage());
      LoggerFactory.getLogger(MusaCommand.class).atDebug().setCause(failure).log("not started");
      return FAILED;
    }
    LoggerFactory.getLogger(MusaCommand.class).atError().setCause(failure).log("failed");
    Path file = Logs.file();
    output.complain(
        "musa: unexpected failure: "
            + failure
            + (file == null ? "" : " (the details are in " + file + ")"));
    return FAILED;
  }

  private static int misused(ParameterException misuse, Output output) {
    String command = misuse.getCommandLine().getCommandSpec().qualifiedName();
    output.complain("musa: " + misuse.getMessage() + " (see " + command + " --help)");
    return MISUSED;
  }
}
