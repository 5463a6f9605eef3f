package dev.musa.app;

import dev.musa.app.config.HashKeyFile;
import dev.musa.app.config.MusaConfig;
import dev.musa.app.demo.Sample;
import dev.musa.app.status.Status;
import dev.musa.app.terminal.StopSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code musa warm-up}: everything for a moment, on free ports and data of its own, so that the JVM
 * learns which classes a start needs. The start script makes its AOT cache of such a run.
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Runnable {
  private static final int TRACES = 200;
  private static final int LOOKS = 50;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  @Option(names = "--data", required = true)
  @Nullable Path data;

  @Override
  public void run() {
    Path directory = Objects.requireNonNull(data);
    MusaConfig config =
        HashKeyFile.provided(MusaConfig.onPorts(directory, rules(directory), FreePorts.find(5)));
    Logs.open(config.logDirectory(), "musa");
    try (Musa musa = new Musa(config, Part.all(), _ -> {}, () -> {}, InstantSource.system())) {
      musa.start();
      Sample.send(
          config.collector().grpc().port(),
          config.collector().http().port(),
          TRACES,
          Instant.now());
      awaitDelivery(musa);
    }
  }

  /**
   * Until something of each signal is delivered; traces wait for their decision, so not for them.
   */
  private static void awaitDelivery(Musa musa) {
    StopSignal never = new StopSignal();
    for (int look = 0; look < LOOKS && !isDelivered(musa.status()); look++) {
      never.await(BETWEEN_LOOKS);
    }
  }

  private static boolean isDelivered(Status status) {
    return status.flows().stream().allMatch(flow -> flow.delivered() > 0);
  }

  private static Path rules(Path directory) {
    try {
      Path rules = Files.createDirectories(directory.resolve("rules"));
      Files.writeString(rules.resolve("warm-up.yaml"), RULES);
      return rules;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final String RULES =
      """
      apiVersion: musa.dev/v1
      kind: Rules
      traces:
        - name: probes
          when: attributes["url.path"] in ["/livez", "/readyz"]
          drop: span
        - name: visitors
          hash: ['attributes["user.email"]']
        - name: tail
          sample:
            decide: {after: 1s}
            policies:
              - {name: errors, keep: {anySpan: status.code == ERROR}}
              - {name: slow, keep: {longerThan: 500ms}}
              - {name: rest, keep: {probability: 0.5}}
      logs:
        - name: chatty
          when: severity < INFO && !body.matches("^cache .*")
          limit: {by: ['resource["service.name"]'], items: 100, per: 1m}
      metrics:
        - name: no-go-internals
          when: metric.name.startsWith("go_gc_")
          drop: metric
      """;
}
