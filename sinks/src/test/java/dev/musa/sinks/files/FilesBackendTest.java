package dev.musa.sinks.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Signal;
import dev.musa.schemas.json.OtlpJson;
import dev.musa.sinks.backend.Answer;
import dev.musa.sinks.flow.Tally;
import dev.musa.sinks.testing.DeliveryHarness;
import dev.musa.sinks.testing.Telemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FilesBackendTest {
  @TempDir Path directory;

  private FilesConfig config(int maxFiles) {
    return new FilesConfig(null, directory, new DataSize(64 * 1024), maxFiles, true);
  }

  private static List<String> large(String prefix, int n) {
    return IntStream.range(0, n).mapToObj(i -> prefix + i + "x".repeat(10_000)).toList();
  }

  private List<String> idsIn(Signal signal, String file) throws IOException {
    var ids = new ArrayList<String>();
    for (var line : Files.readAllLines(directory.resolve(file))) {
      ids.addAll(Telemetry.ids(signal, OtlpJson.toProtobuf(signal, line.getBytes(UTF_8))));
    }
    return ids;
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void writesOneLinePerRequest_thatReadsBackAsItWas(Signal signal) throws Exception {
    try (var backend = new FilesBackend(config(10))) {
      var harness = new DeliveryHarness(signal, backend);

      var tally = harness.deliver("a", List.of(List.of("1", "2"), List.of("3")));
      harness.deliver("a", List.of(List.of("4")));

      assertThat(tally.items(Tally.DELIVERED)).isEqualTo(3);
    }
    var file = signal.label() + ".jsonl";
    assertThat(Files.readAllLines(directory.resolve(file))).hasSize(2);
    assertThat(idsIn(signal, file)).containsExactly("1", "2", "3", "4");
  }

  @Test
  void fullFile_isRenamed_andTheOldestIsDeleted() throws Exception {
    try (var backend = new FilesBackend(config(3))) {
      var harness = new DeliveryHarness(Signal.LOGS, backend);
      for (int i = 0; i < 5; i++) {
        harness.deliver("a", List.of(large(i + "-", 5)));
      }
    }

    assertThat(idsIn(Signal.LOGS, "logs.jsonl").getFirst()).startsWith("4-");
    assertThat(idsIn(Signal.LOGS, "logs.1.jsonl").getFirst()).startsWith("3-");
    assertThat(idsIn(Signal.LOGS, "logs.2.jsonl").getFirst()).startsWith("2-");
    assertThat(directory.resolve("logs.3.jsonl")).doesNotExist();
  }

  @Test
  void maxFilesZero_keepsAll() throws Exception {
    try (var backend = new FilesBackend(config(0))) {
      var harness = new DeliveryHarness(Signal.LOGS, backend);
      for (int i = 0; i < 5; i++) {
        harness.deliver("a", List.of(large(i + "-", 5)));
      }
    }

    assertThat(idsIn(Signal.LOGS, "logs.4.jsonl").getFirst()).startsWith("0-");
  }

  @Test
  void halfWrittenLine_isCutOffAtTheStart() throws Exception {
    try (var backend = new FilesBackend(config(3))) {
      new DeliveryHarness(Signal.LOGS, backend).deliver("a", List.of(List.of("1")));
    }
    var half = "{\"resourceLogs\":[" + " ".repeat(200_000);
    Files.writeString(directory.resolve("logs.jsonl"), half, StandardOpenOption.APPEND);
    Files.writeString(directory.resolve("traces.jsonl"), "{");

    try (var backend = new FilesBackend(config(3))) {
      new DeliveryHarness(Signal.LOGS, backend).deliver("a", List.of(List.of("2")));
    }

    assertThat(idsIn(Signal.LOGS, "logs.jsonl")).containsExactly("1", "2");
    assertThat(directory.resolve("traces.jsonl")).isEmptyFile();
  }

  @Test
  void directoryInUse_isRefusedWithARemedy() {
    try (var first = new FilesBackend(config(3))) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> new FilesBackend(config(3)))
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("is written by another sink (stop that one");
    }
  }

  @Test
  void directoryThatIsAFile_isRefusedWithARemedy() throws IOException {
    var file = Files.createFile(directory.resolve("out"));
    var config = new FilesConfig(null, file, DataSize.ofMebibytes(1), 3, false);

    assertThatThrownBy(() -> new FilesBackend(config))
        .isInstanceOf(StartupException.class)
        .hasMessageStartingWith("sinks.files.directory: " + file + " cannot be written");
  }

  @Test
  void malformedRecord_isDeadLettered() throws Exception {
    var garbage = new byte[] {10, 2, 10, 5};
    try (var backend = new FilesBackend(config(3))) {
      assertThat(backend.deliver(Signal.LOGS, "a", garbage)).isInstanceOf(Answer.Bisect.class);
      var harness = new DeliveryHarness(Signal.LOGS, backend);

      var tally =
          harness.deliver(
              List.of(
                  Telemetry.record(Signal.LOGS, 0, 0, "a", List.of("1")),
                  Telemetry.record("musa.logs", 0, 1, "a", 1, garbage)));

      assertThat(tally.items(Tally.DEAD_LETTERED)).isEqualTo(1);
    }
    assertThat(idsIn(Signal.LOGS, "logs.jsonl")).containsExactly("1");
  }

  @Test
  void defaults_areTenFilesOf100MiB() {
    assertThat(FilesConfig.defaults())
        .isEqualTo(
            new FilesConfig(null, Path.of("data", "out"), DataSize.parse("100MiB"), 10, false));
  }
}
