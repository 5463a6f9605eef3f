package dev.musa.k8s.grafana;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What MUSA exports of what dashboards and alerts ask for: metrics and their labels. */
final class ExportedMetrics {
  private static final List<String> RESOURCES =
      List.of("exported-metrics.txt", "exported-metrics-kubernetes.txt");

  private ExportedMetrics() {}

  static Map<String, Set<String>> read() {
    Map<String, Set<String>> labels = new TreeMap<>();
    for (String line : RESOURCES.stream().flatMap(name -> text(name).lines()).toList()) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.split(" ");
        labels.put(words[0], new TreeSet<>(Arrays.asList(words).subList(1, words.length)));
      }
    }
    return labels;
  }

  private static String text(String resource) {
    try (InputStream in = ExportedMetrics.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in, resource).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
