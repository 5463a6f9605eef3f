package dev.musa.chaos;

import dev.musa.schemas.Signal;
import dev.musa.schemas.json.OtlpJson;
import dev.musa.schemas.wire.MalformedOtlpException;
import dev.musa.schemas.wire.OtlpCursor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Follows what the files sink writes: a second sink beside the backend. Not thread-safe. */
final class FileOutput {
  private static final int CHUNK = 1 << 20;

  private final Path directory;
  private final Counts counts;
  private final ItemId ids;
  private final Map<Signal, Long> read = new EnumMap<>(Signal.class);

  FileOutput(Traffic traffic, Path directory) {
    this.counts = new Counts(traffic);
    this.ids = new ItemId(traffic);
    this.directory = directory;
  }

  /** With what was written since the last call, as far as its lines are whole. */
  Counts refreshed() {
    for (Signal signal : Signal.values()) {
      Path file = directory.resolve(signal.label() + ".jsonl");
      if (Files.exists(file)) {
        try {
          read.merge(signal, follow(signal, file, read.getOrDefault(signal, 0L)), Long::sum);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return counts;
  }

  /** Returns how many bytes of whole lines there were. */
  private long follow(Signal signal, Path path, long from) throws IOException {
    long taken = 0;
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      byte[] rest = {};
      file.seek(from);
      byte[] chunk = new byte[CHUNK];
      for (int count = file.read(chunk); count > 0; count = file.read(chunk)) {
        byte[] bytes = Arrays.copyOf(rest, rest.length + count);
        System.arraycopy(chunk, 0, bytes, rest.length, count);
        int begin = 0;
        for (int i = rest.length; i < bytes.length; i++) {
          if (bytes[i] == '\n') {
            count(signal, Arrays.copyOfRange(bytes, begin, i));
            begin = i + 1;
          }
        }
        taken += begin;
        rest = Arrays.copyOfRange(bytes, begin, bytes.length);
      }
    }
    return taken;
  }

  private void count(Signal signal, byte[] line) throws IOException {
    OtlpCursor cursor = new OtlpCursor(signal);
    try {
      cursor.reset(OtlpJson.toProtobuf(signal, line));
      while (cursor.next()) {
        counts.add(cursor, ids);
      }
    } catch (MalformedOtlpException e) {
      throw new IOException("a line of the files sink is no OTLP", e);
    }
  }
}
