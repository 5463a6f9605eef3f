package dev.musa.benchmarks;

import dev.musa.benchmarks.leg.Expectation;
import dev.musa.benchmarks.leg.RuleFiles;
import dev.musa.benchmarks.leg.SinkKind;
import dev.musa.runtime.lifecycle.StartupException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How MUSA runs under the bench. */
final class PartOptions {
  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "8",
      description = "Of each topic (default: ${DEFAULT-VALUE}).")
  int partitions = 8;

  @Option(
      names = "--sampling",
      paramLabel = "WAIT",
      description =
          "Tail sampling: errors, slower than 500 ms, 10 %% of the rest; decided so late.")
  @Nullable Duration sampling;

  @Option(names = "--rules", paramLabel = "DIR", description = "Rules of your own.")
  @Nullable Path rules;

  @Option(
      names = "--sink",
      paramLabel = "NAME",
      defaultValue = "otlp",
      description = "otlp (the bench's backend), files or none (default: ${DEFAULT-VALUE}).")
  SinkKind sink = SinkKind.OTLP;

  @Option(names = "--all-in-one", description = "Everything in one process, as musa run does.")
  boolean allInOne;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A musa.yaml whose keys are laid over those of the bench.")
  @Nullable Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where data and logs lie while it runs (default: a temporary directory).")
  @Nullable Path data;

  @Option(names = "--keep-data", description = "Do not delete data and logs at the end.")
  boolean keepData;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Of the Kafka node (default: a free one).")
  int kafkaPort;

  @Option(
      names = "--backend-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "OTLP/gRPC of the backend (default: a free one).")
  int backendPort;

  /** The directory of the rules, made if they are the bench's own. */
  @Nullable Path ruleDirectory(Path directory) {
    if (sampling != null && rules != null) {
      throw new StartupException("--sampling and --rules are given (expected: one of the two)");
    }
    return sampling == null ? rules : RuleFiles.sampling(directory.resolve("rules"), sampling);
  }

  Expectation expectation() {
    if (sampling != null) {
      return Expectation.sampled(RuleFiles.SAMPLED_SHARE, sampling);
    }
    // Rules of one's own may sample: nobody here knows how long they wait.
    return rules != null ? Expectation.unknown(Duration.ofSeconds(30)) : Expectation.all();
  }
}
