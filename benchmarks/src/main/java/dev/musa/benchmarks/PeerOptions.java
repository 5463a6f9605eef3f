package dev.musa.benchmarks;

import dev.musa.benchmarks.leg.PeerSubject;
import dev.musa.runtime.lifecycle.StartupException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What MUSA is compared with. */
final class PeerOptions {
  private static final String PEER_TARGET = "127.0.0.1:44317";
  private static final int PEER_KAFKA = 39192;
  private static final int PEER_BACKEND = 34317;

  @Option(
      names = "--target",
      paramLabel = "HOST:PORT",
      description =
          "Compare with what takes OTLP/gRPC here: it runs already, or is started by --peer-*"
              + " (then default: "
              + PEER_TARGET
              + ").")
  @Nullable String target;

  @Option(
      names = "--pid",
      paramLabel = "NAME=PID",
      description = "A process of that target, to be measured; can be repeated.")
  Map<String, Long> pids = Map.of();

  @Option(
      names = "--peer-intake",
      paramLabel = "COMMAND",
      description =
          "Starts a peer from OTLP to Kafka (127.0.0.1:"
              + PEER_KAFKA
              + ", topic in the environment as TOPIC).")
  @Nullable String intake;

  @Option(
      names = "--peer-drain",
      paramLabel = "COMMAND",
      description =
          "Starts a peer from Kafka (TOPIC, GROUP, WAIT) to OTLP (127.0.0.1:" + PEER_BACKEND + ").")
  @Nullable String drain;

  @Option(
      names = "--peer-line",
      paramLabel = "COMMAND",
      description = "Starts a peer from OTLP to OTLP (127.0.0.1:" + PEER_BACKEND + ").")
  @Nullable String line;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "1",
      description = "Alternate so often, and print the ratios (default: ${DEFAULT-VALUE}).")
  int rounds = 1;

  boolean isGiven() {
    return target != null || !commands().isEmpty();
  }

  PeerSubject.Commands commands() {
    return new PeerSubject.Commands(intake, drain, line, target == null ? PEER_TARGET : target);
  }

  /** Whether there is something to compare this leg with. */
  boolean has(Leg leg) {
    return switch (leg) {
      case INTAKE -> intake != null || isRunning();
      case DRAIN -> intake != null && drain != null;
      case LINE -> line != null || isRunning();
    };
  }

  /** The target runs already. */
  boolean isRunning() {
    return target != null && commands().isEmpty();
  }

  /** Where the configurations of peers expect Kafka. */
  int kafkaPort(int chosen) {
    return chosen == 0 && !commands().isEmpty() ? PEER_KAFKA : chosen;
  }

  /** Where the configurations of peers expect the backend. */
  int backendPort(int chosen) {
    return chosen == 0 && isGiven() ? PEER_BACKEND : chosen;
  }

  void check() {
    if (rounds < 1) {
      throw new StartupException("--rounds is " + rounds + " (expected: at least 1)");
    }
    if (!pids.isEmpty() && !isRunning()) {
      throw new StartupException(
          "--pid is given, but nothing that runs already (expected: --target without --peer-*)");
    }
    if (isRunning() && pids.isEmpty()) {
      throw new StartupException(
          "--target %s is given without --pid (expected: the processes whose CPU is to be compared, such as --pid other=1234)"
              .formatted(target));
    }
    if (drain != null && intake == null) {
      throw new StartupException(
          "--peer-drain is given without --peer-intake (expected: both, as the peer drains what it"
              + " has filled in itself)");
    }
  }
}
