package dev.musa.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.app.config.MusaConfig;
import dev.musa.app.demo.Sample;
import dev.musa.app.terminal.StopSignal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The alerts of the Helm chart ask for metrics that MUSA has. */
@Timeout(120)
class ChartAlertsTest {
  private static final Pattern METRIC = Pattern.compile("musa_[a-z_]+");
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
  private static final int LOOKS = 300;

  /** With a step of each kind that has metrics of its own. */
  private static final String RULES =
      """
      apiVersion: musa.dev/v1
      kind: Rules
      traces:
        - name: tail
          sample:
            decide: {after: 1s}
            policies:
              - {name: all, keep: {probability: 1.0}}
      logs:
        - name: some
          limit: {by: ['resource["service.name"]'], items: 100, per: 1m}
      """;

  @TempDir Path directory;

  @Test
  void alerts_askForMetricsThatAreThere() throws IOException, InterruptedException {
    Set<String> asked = metricsInAlerts();
    assertThat(asked).contains("musa_ledger_unbalanced_items", "musa_node_up");
    Path rules = Files.createDirectories(directory.resolve("rules"));
    Files.writeString(rules.resolve("rules.yaml"), RULES);
    MusaConfig config = MusaConfig.onPorts(directory, rules, FreePorts.find(5));

    try (Musa musa = new Musa(config, Part.all(), _ -> {}, InstantSource.system())) {
      musa.start();
      Sample.send(musa.ports().grpc(), musa.ports().http(), 10, Instant.now());

      assertThat(metricsOf(musa, asked)).containsAll(asked);
    }
  }

  private static Set<String> metricsInAlerts() {
    return Stream.of("everything", "edge")
        .flatMap(valueSet -> RenderedChart.of(valueSet).all("PrometheusRule"))
        .flatMap(rule -> rule.findValuesAsString("expr").stream())
        .flatMap(expression -> METRIC.matcher(expression).results())
        .map(match -> match.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Some are there only once something has happened that they count. */
  private static Set<String> metricsOf(Musa musa, Set<String> wanted)
      throws IOException, InterruptedException {
    StopSignal never = new StopSignal();
    Set<String> found = Set.of();
    for (int look = 0; look < LOOKS && !found.containsAll(wanted); look++) {
      never.await(BETWEEN_LOOKS);
      found = scrape(musa.ports().admin());
    }
    return found;
  }

  private static Set<String> scrape(int port) throws IOException, InterruptedException {
    URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("musa_"))
          .map(line -> line.split("[{ ]", 2)[0])
          .collect(Collectors.toSet());
    }
  }
}
