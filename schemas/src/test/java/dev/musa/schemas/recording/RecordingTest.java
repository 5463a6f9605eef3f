package dev.musa.schemas.recording;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.schemas.Signal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
  @TempDir Path directory;

  @Test
  void requests_comeBackAsTheyWere() throws IOException {
    Path file = written();

    assertThat(read(file)).containsExactly("TRACES:some spans", "METRICS:", "LOGS:a line");
  }

  @Test
  void bytes_areAsDocumented() throws IOException {
    Path file = directory.resolve("one");
    try (RecordingWriter writer = RecordingWriter.create(file)) {
      writer.write(Signal.LOGS, bytes("ab"), 0, 2);
    }

    assertThat(Files.readAllBytes(file))
        .isEqualTo(new byte[] {'M', 'U', 'S', 'A', 'R', 'E', 'C', '1', 1, 0, 0, 0, 2, 'a', 'b'});
  }

  @Test
  void cutOffEnd_isLeftOut() throws IOException {
    Path file = written();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 1);
    }

    assertThat(read(file)).containsExactly("TRACES:some spans", "METRICS:");
  }

  @Test
  void anotherFile_isRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("text"), "something else");

    assertThatThrownBy(() -> new RecordingReader(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " is no recording (expected: MUSAREC1 at its beginning)");
  }

  @Test
  void unknownSignal_isRefusedWithItsPlace() throws IOException {
    Path file = written();
    byte[] content = Files.readAllBytes(file);
    content[8] = 7;
    Files.write(file, content);

    assertThatThrownBy(() -> read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("at byte 8: signal 7 with 10 bytes (expected: signal 0 to 2");
  }

  private Path written() throws IOException {
    Path file = directory.resolve("recording");
    try (RecordingWriter writer = RecordingWriter.create(file)) {
      writer.write(Signal.TRACES, bytes("-some spans-"), 1, 10);
      writer.write(Signal.METRICS, bytes(""), 0, 0);
      writer.write(Signal.LOGS, bytes("a line"), 0, 6);
    }
    return file;
  }

  private static List<String> read(Path file) throws IOException {
    List<String> found = new ArrayList<>();
    try (RecordingReader reader = new RecordingReader(file)) {
      for (var request = reader.next(); request != null; request = reader.next()) {
        found.add(request.signal() + ":" + new String(request.bytes(), US_ASCII));
      }
    }
    return found;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }
}
