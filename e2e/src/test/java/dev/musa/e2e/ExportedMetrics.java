package dev.musa.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The list of metrics that the dashboards ask for, and what a text of /metrics lacks of it. */
final class ExportedMetrics {
  private static final Path LISTS = Path.of("..", "k8s/src/test/resources/dev/musa/k8s/grafana");
  private static final Pattern SERIES = Pattern.compile("([A-Za-z_:][\\w:]*)(?:\\{(.*)})? .*");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

  private ExportedMetrics() {}

  /** Lines of the list of which the text has no series with exactly these labels. */
  static List<String> missingIn(String metrics) {
    return missingIn(metrics, "exported-metrics.txt");
  }

  /** The same of the list for a MUSA that watches a cluster. */
  static List<String> missingOfKubernetesIn(String metrics) {
    return missingIn(metrics, "exported-metrics-kubernetes.txt");
  }

  private static List<String> missingIn(String metrics, String list) {
    Map<String, Set<String>> exported = new TreeMap<>();
    for (String line : metrics.lines().toList()) {
      Matcher series = SERIES.matcher(line);
      if (series.matches()) {
        String labels = series.group(2) == null ? "" : series.group(2);
        exported.putIfAbsent(series.group(1), names(labels));
      }
    }
    return listed(list).stream()
        .filter(line -> {
          List<String> words = Arrays.asList(line.split(" ", -1));
          Set<String> labels = new TreeSet<>(words.subList(1, words.size()));
          return !labels.equals(exported.get(words.getFirst()));
        })
        .toList();
  }

  private static Set<String> names(String labels) {
    return LABEL
        .matcher(labels)
        .results()
        .map((MatchResult label) -> label.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> listed(String list) {
    try {
      return Files.readAllLines(LISTS.resolve(list)).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
