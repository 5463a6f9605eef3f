package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user can mend ends the start with one line that says what and how, and exit code 1. */
class UserErrorsIT {
  private static final Duration END = Duration.ofMinutes(2);

  @TempDir Path directory;

  @Test
  void portInUse() throws IOException {
    Installation musa = Installation.in(directory);
    try (ServerSocket _ =
        new ServerSocket(musa.ports().http(), 1, InetAddress.getLoopbackAddress())) {
      assertFails(musa, Integer.toString(musa.ports().http()), "collector.http.port");
    }
  }

  @Test
  void kafkaPortInUse() throws IOException {
    Installation musa = Installation.in(directory);
    try (ServerSocket _ =
        new ServerSocket(musa.ports().kafka(), 1, InetAddress.getLoopbackAddress())) {
      assertFails(musa, Integer.toString(musa.ports().kafka()), "node.port");
    }
  }

  @Test
  void secondRunOnTheSameData_andDataOfAnotherVersion() throws IOException {
    Installation musa = Installation.in(directory);
    try (MusaProcess _ = musa.run()) {
      Installation second = Installation.in(directory);
      assertFails(second, musa.data().toString());
    }
    assertDataOfAnotherVersionIsRefused(musa);
  }

  private static void assertDataOfAnotherVersionIsRefused(Installation musa) throws IOException {
    try (Stream<Path> files = Files.walk(musa.data(), 2)) {
      Path version =
          files
              .filter(file -> file.getFileName().toString().contains("version"))
              .findFirst()
              .orElseThrow();
      Files.writeString(version, "999\n");
    }
    assertFails(musa, "999");
  }

  @Test
  void unknownKey_isNamedWithTheNearestKnown() throws IOException {
    Installation musa = Installation.in(directory);
    Files.writeString(musa.config(), "collector:\n  tennant: acme\n");
    assertFails(musa, "musa.yaml:2", "tennant", "tenant");
  }

  @Test
  void duplicateKey() throws IOException {
    Installation musa = Installation.in(directory);
    Files.writeString(musa.config(), "data: a\ndata: b\n");
    assertFails(musa, "musa.yaml:2", "data");
  }

  @Test
  void listeningBeyondLoopback_needsConsent() {
    Installation musa = Installation.in(directory);
    try (MusaProcess process = musa.start("run", "--listen", "0.0.0.0")) {
      assertThat(process.awaitExit(END)).isEqualTo(1);
      assertOneLine(process.output(), "--insecure");
    }
  }

  @Test
  void brokenRules_areShownWithTheLine() throws IOException {
    Path rules = Files.createDirectories(directory.resolve("rules"));
    Files.writeString(
        rules.resolve("rules.yaml"),
        """
        apiVersion: musa.dev/v1
        kind: Rules
        logs:
          - name: only-errors
            keep: severity >= EROR
        """);
    try (MusaProcess process = MusaProcess.start("rules", "check", rules.toString())) {
      assertThat(process.awaitExit(END)).isEqualTo(1);
      assertThat(String.join("\n", process.output()))
          .contains("rules.yaml:5")
          .contains("keep: severity >= EROR")
          .contains("^");
    }
  }

  private static void assertFails(Installation musa, String... parts) {
    try (MusaProcess process = musa.start("run")) {
      assertThat(process.awaitExit(END)).as(process.output().toString()).isEqualTo(1);
      assertOneLine(process.output(), parts);
    }
  }

  private static void assertOneLine(List<String> output, String... parts) {
    assertThat(output).as("output").hasSize(1);
    assertThat(output.getFirst()).contains(parts).doesNotContain("Exception");
  }
}
