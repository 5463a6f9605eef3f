package dev.musa.app;

import dev.musa.app.config.ConfigOptions;
import dev.musa.app.config.HashKeyFile;
import dev.musa.app.config.MusaConfig;
import dev.musa.app.status.Status;
import dev.musa.app.status.StatusText;
import dev.musa.app.terminal.Output;
import dev.musa.app.terminal.Screen;
import dev.musa.app.terminal.StopSignal;
import dev.musa.runtime.lifecycle.StartupException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The commands that run parts of MUSA until they are stopped. */
@Command(sortOptions = false)
abstract class ServiceCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(ServiceCommand.class);
  private static final Duration STOP_LIMIT = Duration.ofMillis(9_500);
  private static final Duration REDRAW = Duration.ofSeconds(1);
  private static final Duration LOG_LINE = Duration.ofSeconds(10);

  @Mixin private final ConfigOptions options = new ConfigOptions();

  private final String name;
  private final Output output;
  private final Function<Duration, StopSignal> signals;
  private final InstantSource clock;

  /**
   * @param name of the log file
   * @param signals makes what ends the run, given the time that stopping may take
   * @param clock what the parts tell the time by
   */
  ServiceCommand(
      String name, Output output, Function<Duration, StopSignal> signals, InstantSource clock) {
    this.name = name;
    this.output = output;
    this.signals = signals;
    this.clock = clock;
  }

  /** What runs in this process; one part at least. */
  abstract Set<Part> parts(MusaConfig config);

  @Override
  public Integer call() {
    MusaConfig config = options.read();
    Set<Part> which = parts(config);
    if (!which.contains(Part.KAFKA) && config.embedsKafka()) {
      throw new StartupException(
          "no Kafka is configured for this part (expected: kafka.bootstrapServers in the file that"
              + " --config names); `musa kafka` starts one on this machine");
    }
    Logs.open(config.logDirectory(), name);
    StopSignal stop = signals.apply(STOP_LIMIT);
    int code = 1;
    try {
      warnOfExposure(config, which);
      run(which.contains(Part.KAFKA) ? completed(config) : config, which, stop);
      code = 0;
      return code;
    } finally {
      stop.finished(code);
    }
  }

  /** With what a process of its own can make up by itself: a key, and a port if any will do. */
  private static MusaConfig completed(MusaConfig config) {
    MusaConfig keyed = HashKeyFile.provided(config);
    return keyed.node().port() == 0 ? keyed.withNodePort(FreePorts.find(1).getFirst()) : keyed;
  }

  private void run(MusaConfig config, Set<Part> which, StopSignal stop) {
    Musa musa = new Musa(config, which, output::say, stop::demand, clock);
    try (musa) {
      if (!start(musa, stop)) {
        output.say("stopped before everything had started");
        return;
      }
      List<String> ready =
          ReadyText.lines(
              config, which, musa.ports(), musa.rulesInForce(), Logs.file(), sinceStart());
      ready.forEach(output::say);
      log.atInfo().addKeyValue("parts", which).log("ready");
      show(musa, stop);
    }
    output.say("stopped: " + StatusText.figures(musa.figures()));
  }

  /** False if it was stopped before. */
  private static boolean start(Musa musa, StopSignal stop) {
    stop.onRequest(musa::cancelStart);
    try {
      musa.start();
      return true;
    } catch (StartupException e) {
      if (!stop.isRequested()) {
        throw e;
      }
      log.atInfo().setCause(e).log("stopped while starting");
      return false;
    }
  }

  private void show(Musa musa, StopSignal stop) {
    Screen screen = new Screen(output.out());
    if (output.terminal()) {
      do {
        screen.redraw(StatusText.block(musa.status()));
      } while (!stop.await(REDRAW));
      screen.release();
      output.say("stopping ...");
    } else {
      while (!stop.await(LOG_LINE)) {
        Status status = musa.status();
        output.say(Instant.now() + " " + StatusText.line(status));
      }
    }
  }

  private void warnOfExposure(MusaConfig config, Set<Part> which) {
    List<String> exposed = ConfigOptions.exposedHosts(config);
    if (which.contains(Part.COLLECTOR) && !exposed.isEmpty()) {
      output.complain(
          "musa: WARNING: whoever can reach "
              + String.join(", ", exposed)
              + " can send telemetry, unencrypted and without proof of who it is (insecure)");
    }
  }

  /** Since the JVM's start: what the start script may have built before is not MUSA's. */
  private static Duration sinceStart() {
    return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
  }
}
