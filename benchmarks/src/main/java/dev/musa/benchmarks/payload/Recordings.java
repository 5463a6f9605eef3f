package dev.musa.benchmarks.payload;

import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.recording.RecordingReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes pools of what was recorded. */
public final class Recordings {
  private Recordings() {}

  /** The recorded requests of these signals, in their order. */
  public static Pool read(Path file, Traffic traffic) {
    List<Template> templates = new ArrayList<>();
    try (RecordingReader reader = new RecordingReader(file)) {
      for (var request = reader.next(); request != null; request = reader.next()) {
        if (traffic.contains(request.signal())) {
          templates.add(Template.of(request.signal(), request.bytes()));
        }
      }
    } catch (IOException e) {
      throw new StartupException("--recording: " + e.getMessage(), e);
    }
    if (templates.isEmpty()) {
      throw new StartupException(
          "--recording %s has no %s (expected: at least one request of the signal)"
              .formatted(file, traffic.label()));
    }
    return new Pool(templates, Double.NaN, Double.NaN);
  }
}
