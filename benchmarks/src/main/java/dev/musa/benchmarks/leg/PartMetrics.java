package dev.musa.benchmarks.leg;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;

/** What a part tells at {@code /metrics}. */
final class PartMetrics {
  private static final int PATIENCE_MILLIS = 10_000;

  private final String text;

  PartMetrics(String text) {
    this.text = text;
  }

  /** Asks the part whose admin port this is. */
  static PartMetrics of(int port) {
    String url = "http://127.0.0.1:" + port + "/metrics";
    try {
      URLConnection connection = URI.create(url).toURL().openConnection();
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      try (InputStream answer = connection.getInputStream()) {
        return new PartMetrics(new String(answer.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(url + " does not answer", e);
    }
  }

  /** Of all series of this name; 0 if there is none. */
  long sum(String name) {
    return Math.round(
        text.lines()
            .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum());
  }
}
