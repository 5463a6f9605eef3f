package dev.musa.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TapeIT {
  @TempDir Path directory;

  @Test
  void tapeOfAKilledDriver_goesOnBehindTheLastWholeNumber() throws Exception {
    Path file = directory.resolve("tape");
    try (Tape tape = Tape.append(file)) {
      tape.add(1, 10);
      tape.add(2, 20);
    }
    Files.write(file, new byte[] {1, 0, 0, 0}, StandardOpenOption.APPEND);

    try (Tape tape = Tape.append(file)) {
      tape.add(3, 30);
    }

    List<String> read = new ArrayList<>();
    Tape.read(file, (mark, number) -> read.add(mark + ":" + number));
    assertThat(read).containsExactly("1:10", "2:20", "3:30");
  }
}
