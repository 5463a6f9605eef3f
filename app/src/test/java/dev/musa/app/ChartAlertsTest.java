package dev.musa.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.app.demo.Sample;
import dev.musa.app.terminal.Output;
import dev.musa.app.terminal.StopSignal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
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

  /** What is there with certificates, and with pods: CertificateExpiryTest, EnrichIT. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "musa_tls_certificate_expiration_timestamp_seconds",
          "musa_kubernetes_unenriched_items_total");

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

  private static final String CONFIG =
      """
      node: {port: %d}
      health: {port: %d}
      admin: {port: %d}
      collector: {grpc: {port: %d}, http: {port: %d}}
      kubernetes: {kubeconfig: %s, lease: {enabled: true, namespace: telemetry}}
      """;

  @TempDir Path directory;

  @Test
  void alerts_askForMetricsThatAreThere() throws IOException, InterruptedException {
    Set<String> asked = metricsInAlerts();
    assertThat(asked)
        .contains("musa_ledger_unbalanced_items", "musa_node_up", "musa_control_leader");
    Path rules = Files.createDirectories(directory.resolve("rules"));
    Files.writeString(rules.resolve("rules.yaml"), RULES);
    List<Integer> ports = FreePorts.find(5);
    try (LeaseServer leases = LeaseServer.start()) {
      Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), leases.kubeconfig());
      Path config =
          Files.writeString(
              directory.resolve("musa.yaml"),
              CONFIG.formatted(Stream.concat(ports.stream(), Stream.of(kubeconfig)).toArray()));
      StopSignal stop = new StopSignal();
      Thread musa =
          Thread.ofPlatform()
              .start(() -> run(stop, "--config", config, "--data", directory, "--rules", rules));
      try {
        await(() -> ask(ports.get(1), "/readyz").statusCode() == 200);
        Sample.send(ports.get(3), ports.get(4), 10, Instant.now());
        await(() -> metrics(ports.get(2)).containsAll(asked));
        assertThat(metrics(ports.get(2))).containsAll(asked);
      } finally {
        stop.request();
        musa.join();
      }
    }
  }

  private static void run(StopSignal stop, Object... options) {
    Output output =
        new Output(
            new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), false);
    Stream<String> arguments =
        Stream.concat(Stream.of("run"), Stream.of(options).map(Object::toString));
    MusaCommand.commandLine(output, _ -> stop, InstantSource.system())
        .execute(arguments.toArray(String[]::new));
  }

  private static Set<String> metricsInAlerts() {
    return Stream.of("everything", "edge")
        .flatMap(valueSet -> RenderedChart.of(valueSet).all("PrometheusRule"))
        .flatMap(rule -> rule.findValuesAsString("expr").stream())
        .flatMap(expression -> METRIC.matcher(expression).results())
        .map(match -> match.group())
        .filter(metric -> !ELSEWHERE.contains(metric))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Some are there only once something has happened that they count. */
  private static void await(Callable<Boolean> condition) {
    StopSignal never = new StopSignal();
    for (int look = 0; look < LOOKS && !holds(condition); look++) {
      never.await(BETWEEN_LOOKS);
    }
  }

  private static boolean holds(Callable<Boolean> condition) {
    try {
      return condition.call();
    } catch (Exception _) {
      return false; // Not listening yet.
    }
  }

  private static Set<String> metrics(int port) throws IOException, InterruptedException {
    return ask(port, "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("musa_"))
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toSet());
  }

  private static HttpResponse<String> ask(int port, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }
}
