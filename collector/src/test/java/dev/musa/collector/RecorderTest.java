package dev.musa.collector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Signal;
import dev.musa.schemas.recording.RecordingReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
  @TempDir Path directory;

  private Recorder recorder(Path file, int maxBytes) {
    return new Recorder(new CollectorConfig.Recording(file, new DataSize(maxBytes)), file);
  }

  private static List<String> read(Path file) throws IOException {
    List<String> requests = new ArrayList<>();
    try (RecordingReader reader = new RecordingReader(file)) {
      for (var next = reader.next(); next != null; next = reader.next()) {
        requests.add(next.signal() + " " + new String(next.bytes(), UTF_8));
      }
    }
    return requests;
  }

  @Test
  void requestsAreInTheFile_inTheirOrder() throws IOException {
    Path file = directory.resolve("r");
    try (Recorder recorder = recorder(file, 1000)) {
      recorder.take(Signal.LOGS, "one".getBytes(UTF_8));
      recorder.take(Signal.TRACES, "two".getBytes(UTF_8));
    }
    assertThat(read(file)).containsExactly("LOGS one", "TRACES two");
  }

  @Test
  void atItsSize_itEnds() throws IOException {
    Path file = directory.resolve("r");
    try (Recorder recorder = recorder(file, 5)) {
      for (String request : List.of("aaa", "bbb", "ccc", "ddd")) {
        recorder.take(Signal.LOGS, request.getBytes(UTF_8));
      }
    }
    assertThat(read(file)).containsExactly("LOGS aaa", "LOGS bbb");
  }

  @Test
  void fileThatExists_isNotOverwritten() throws IOException {
    Path file = Files.writeString(directory.resolve("r"), "dear");
    assertThatThrownBy(() -> recorder(file, 5))
        .isInstanceOf(StartupException.class)
        .hasMessage(
            "collector.recording.file: %s exists (expected: a new file; move it away or name another)"
                .formatted(file));
    assertThat(file).hasContent("dear");
  }

  @Test
  void fileThatCannotBeMade_isNamed() {
    Path file = directory.resolve("missing/r");
    assertThatThrownBy(() -> recorder(file, 5))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("collector.recording.file: " + file + " cannot be written");
  }
}
