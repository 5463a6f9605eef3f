package dev.musa.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.config.ConfigException;
import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConfigOptionsTest {
  @TempDir Path directory;

  @Test
  void withoutOptionsTheDefaultsHold() {
    MusaConfig config = read();

    assertThat(config).isEqualTo(MusaConfig.inside(Path.of("data")));
  }

  @Test
  void everyDirectoryFollowsData() {
    MusaConfig config = read("--data", "elsewhere");

    assertThat(config.data()).isEqualTo(Path.of("elsewhere"));
    assertThat(config.node().data()).isEqualTo(Path.of("elsewhere"));
    assertThat(config.processors().stateDir()).isEqualTo(Path.of("elsewhere", "processors"));
    assertThat(config.sinks().files().directory()).isEqualTo(Path.of("elsewhere", "out"));
    assertThat(config.logDirectory()).isEqualTo(Path.of("elsewhere", "logs"));
  }

  @Test
  void directoriesFollowTheDataOfTheFileUnlessTheyAreConfigured() throws IOException {
    Path file = yaml("data: /var/lib/musa\nsinks: {files: {directory: /srv/out}}\n");

    MusaConfig config = read("--config", file.toString());

    assertThat(config.node().data()).isEqualTo(Path.of("/var/lib/musa"));
    assertThat(config.sinks().files().directory()).isEqualTo(Path.of("/srv/out"));
  }

  @Test
  void optionsOverrideTheFile() throws IOException {
    Path file =
        yaml(
            """
            rules: {directory: /etc/rules}
            processors: {instance: "3"}
            sinks:
              tempo: {endpoint: "http://tempo:4317", orgId: shop}
            """);

    MusaConfig config =
        read(
            "--config", file.toString(),
            "--rules", "it's here",
            "--tempo", "https://other:4317",
            "--loki", "http://loki:3100",
            "--prometheus", "http://prometheus:9090",
            "--instance", "7");

    assertThat(config.rules().directory()).isEqualTo(Path.of("it's here"));
    assertThat(config.processors().instance()).isEqualTo("7");
    assertThat(config.sinks().tempo().endpoint()).isEqualTo(URI.create("https://other:4317"));
    assertThat(config.sinks().tempo().orgId()).isEqualTo("shop");
    assertThat(config.sinks().loki().endpoint()).isEqualTo(URI.create("http://loki:3100"));
    assertThat(config.sinks().prometheus().endpoint())
        .isEqualTo(URI.create("http://prometheus:9090"));
    assertThat(config.sinks().filesEnabled()).isFalse();
  }

  @Test
  void optionsAreLiteral() {
    assertThat(read("--rules", "${env:HOME}/rules").rules().directory())
        .isEqualTo(Path.of("${env:HOME}/rules"));
  }

  @Test
  void aWrongOptionIsNamed() {
    assertThatThrownBy(() -> read("--tempo", "tempo:4317"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--tempo")
        .hasMessageContaining("http://HOST:PORT");
  }

  @Test
  void unknownKeysFailWithTheirPlaceAndTheNearestKey() throws IOException {
    Path file = yaml("collector:\n  tennant: shop\n");

    assertThatThrownBy(() -> read("--config", file.toString()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(file + ":2:3")
        .hasMessageContaining("tennant")
        .hasMessageContaining("tenant");
  }

  @Test
  void listen_beyondLoopbackNeedsInsecure() {
    assertThatThrownBy(() -> read("--listen", "0.0.0.0"))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("0.0.0.0")
        .hasMessageContaining("--insecure");
  }

  @Test
  void listen_withInsecureMovesIntakeAndHealthButNotMetrics() {
    MusaConfig config = read("--listen", "0.0.0.0", "--insecure");

    assertThat(config.collector().grpc().host()).isEqualTo("0.0.0.0");
    assertThat(config.collector().http().host()).isEqualTo("0.0.0.0");
    assertThat(config.health().host()).isEqualTo("0.0.0.0");
    assertThat(config.admin().host()).isEqualTo("127.0.0.1");
    assertThat(ConfigOptions.exposedHosts(config)).isEqualTo(List.of("0.0.0.0"));
  }

  @Test
  void listen_onAnotherLoopbackAddressNeedsNothing() {
    MusaConfig config = read("--listen", "127.0.0.2");

    assertThat(config.collector().grpc().host()).isEqualTo("127.0.0.2");
    assertThat(ConfigOptions.exposedHosts(config)).isEmpty();
  }

  @Test
  void admin_staysOnLoopback() throws IOException {
    Path file = yaml("admin: {host: 0.0.0.0}\n");

    assertThatThrownBy(() -> read("--config", file.toString(), "--insecure"))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("admin.host");
  }

  private Path yaml(String text) throws IOException {
    return Files.writeString(directory.resolve("musa.yaml"), text);
  }

  private static MusaConfig read(String... arguments) {
    ConfigOptions options = new ConfigOptions();
    new CommandLine(CommandLine.Model.CommandSpec.create())
        .addMixin("config", options)
        .parseArgs(arguments);
    return options.read();
  }
}
