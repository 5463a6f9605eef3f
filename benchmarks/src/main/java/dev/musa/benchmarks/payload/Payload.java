package dev.musa.benchmarks.payload;

import dev.musa.runtime.config.ConfigReader;
import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What requests look like.
 *
 * @param requests how many different ones are made of each signal before they repeat with other ids
 * @param mix how often each signal is sent if all three are
 */
public record Payload(
    int requests, TraceShape traces, LogShape logs, MetricShape metrics, Mix mix) {
  /** The ones that come with the bench. */
  public static final List<String> NAMES = List.of("default", "spread", "small", "large");

  /** Requests of each signal in a row of all three. */
  public record Mix(int traces, int logs, int metrics) {
    public Mix {
      Shapes.check(traces >= 0 && logs >= 0 && metrics >= 0, "traces", traces, "at least 0 each");
      Shapes.check(traces + logs + metrics > 0, "traces", traces, "more than 0 in sum");
    }
  }

  public Payload {
    Shapes.check(requests >= 1 && requests <= 100_000, "requests", requests, "1 to 100000");
  }

  public static Payload defaults() {
    return new Payload(
        128, TraceShape.defaults(), LogShape.defaults(), MetricShape.defaults(), new Mix(2, 1, 1));
  }

  /** One of {@link #NAMES}, or a YAML file. */
  public static Payload named(String name) {
    if (!NAMES.contains(name)) {
      if (name.endsWith(".yaml") || name.endsWith(".yml")) {
        return ConfigReader.read(Path.of(name), defaults());
      }
      throw new StartupException(
          "--payload is %s (expected: %s or a YAML file)"
              .formatted(name, String.join(", ", NAMES)));
    }
    String resource = name + ".yaml";
    try (InputStream yaml = Payload.class.getResourceAsStream(resource)) {
      if (yaml == null) {
        throw new IllegalStateException(resource + " is missing in the jar");
      }
      String text = new String(yaml.readAllBytes(), StandardCharsets.UTF_8);
      return ConfigReader.read(resource, text, defaults());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same with other traces. */
  public Payload withTraces(TraceShape other) {
    return new Payload(requests, other, logs, metrics, mix);
  }
}
