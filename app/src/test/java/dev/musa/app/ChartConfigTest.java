package dev.musa.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.app.config.MusaConfig;
import dev.musa.app.terminal.Output;
import dev.musa.app.terminal.StopSignal;
import dev.musa.runtime.config.ConfigReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** What the Helm chart gives to MUSA is what MUSA takes. */
class ChartConfigTest {
  private static final Pattern FILE_REFERENCE = Pattern.compile("\\$\\{file:([^}]+)}");

  @TempDir Path directory;

  static List<String> valueSets() {
    return RenderedChart.valueSets();
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everyMusaYaml_isAConfiguration(String valueSet) {
    RenderedChart chart = RenderedChart.of(valueSet);

    assertThat(chart.configurations()).isNotEmpty();
    chart
        .configurations()
        .forEach(each -> {
          Path file = write(each.getKey() + ".yaml", withSecrets(each.getValue()));
          Ran ran = musa("config", "--config", file.toString());
          assertThat(ran.err()).as(each.getKey()).isEmpty();
          assertThat(ran.code()).as(each.getKey()).isZero();
        });
  }

  /** Else it would look at groups that do not exist, and at none that does. */
  @ParameterizedTest
  @MethodSource("valueSets")
  void control_knowsWhichSinksThereAre(String valueSet) {
    Map<String, MusaConfig> byPart = new HashMap<>();
    RenderedChart.of(valueSet)
        .configurations()
        .forEach(each -> {
          Path file = write(each.getKey() + ".yaml", withSecrets(each.getValue()));
          byPart.put(
              each.getKey().replaceFirst(".*-", ""),
              ConfigReader.read(file, MusaConfig.defaults()));
        });

    if (byPart.containsKey("control")) {
      assertThat(readers(byPart.get("control"))).isEqualTo(readers(byPart.get("sinks")));
    } else {
      assertThat(valueSet).isEqualTo("edge");
    }
  }

  private static Map<String, Set<String>> readers(MusaConfig config) {
    return SinkNames.readers(config.sinks(), config.topicNames(), config.groups());
  }

  @Test
  void exampleForKustomize_isAConfiguration() {
    Ran ran = musa("config", "--config", "../k8s/kustomize/example/musa.yaml");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
  }

  @Test
  void unknownKeys_areSeen() {
    String text = RenderedChart.of("minimal").configurations().findFirst().orElseThrow().getValue();
    Path file = write("wrong.yaml", text.replace("bootstrapServers:", "bootstrapServer:"));

    assertThat(musa("config", "--config", file.toString()).err()).contains("bootstrapServer");
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everyRuleFile_isARuleSet(String valueSet) {
    RenderedChart.of(valueSet)
        .all("ConfigMap")
        .filter(map -> map.at("/metadata/name").asString().endsWith("-rules"))
        .forEach(map -> {
          Map.Entry<String, JsonNode> first = map.path("data").properties().iterator().next();
          assertThat(first.getKey()).endsWith(".yaml");
          map.path("data")
              .properties()
              .forEach(file -> write("rules/" + file.getKey(), file.getValue().asString()));
          Ran ran = musa("rules", "check", directory.resolve("rules").toString());
          assertThat(ran.err()).isEmpty();
          assertThat(ran.code()).isZero();
        });
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everyContainer_runsACommandOnItsPorts(String valueSet) {
    List<JsonNode> containers = RenderedChart.of(valueSet).containers().toList();
    for (JsonNode container : containers) {
      if (!container.path("name").asString().equals("musa")) {
        continue;
      }
      String command = container.at("/args/0").asString();
      assertThat(command(new StringWriter(), new StringWriter()).getSubcommands())
          .containsKey(command);
      Part part = command.equals("run") ? Part.COLLECTOR : Part.parse(command);
      assertThat(port(container, "health")).isEqualTo(part.healthPort());
      if (valueSet.equals("openshift")) { // Whose metrics have no proxy.
        assertThat(port(container, "metrics")).isEqualTo(part.adminPort());
      }
      if (part == Part.COLLECTOR) {
        assertThat(port(container, "otlp-grpc")).isEqualTo(4317);
        assertThat(port(container, "otlp-http")).isEqualTo(4318);
      }
    }
  }

  @Test
  void metricsProxies_askTheAdminPorts() {
    RenderedChart chart = RenderedChart.of("everything");

    assertThat(
            chart
                .containers()
                .filter(container -> container.path("name").asString().equals("metrics-proxy"))
                .map(container -> container.at("/args/1").asString()))
        .containsExactlyInAnyOrder(
            upstream(Part.COLLECTOR),
            upstream(Part.PROCESSORS),
            upstream(Part.SINKS),
            upstream(Part.CONTROL));
  }

  private static String upstream(Part part) {
    return "--upstream=http://127.0.0.1:" + part.adminPort() + "/";
  }

  private static int port(JsonNode container, String name) {
    return StreamSupport.stream(container.path("ports").spliterator(), false)
        .filter(port -> port.path("name").asString().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no port " + name + " in " + container))
        .path("containerPort")
        .asInt();
  }

  /** The files that it names are Secrets, which only a cluster has. */
  private String withSecrets(String text) {
    Matcher reference = FILE_REFERENCE.matcher(text);
    return reference.replaceAll(match -> {
      Path file = write("secret" + match.group(1), "secret");
      return Matcher.quoteReplacement("${file:" + file + "}");
    });
  }

  private Path write(String name, String text) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Ran(int code, String err) {}

  private static Ran musa(String... arguments) {
    StringWriter err = new StringWriter();
    int code = command(new StringWriter(), err).execute(arguments);
    return new Ran(code, err.toString());
  }

  private static CommandLine command(StringWriter out, StringWriter err) {
    Output output = new Output(new PrintWriter(out, true), new PrintWriter(err, true), false);
    return MusaCommand.commandLine(output, _ -> new StopSignal(), InstantSource.system());
  }
}
