package dev.musa.k8s.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The chart, rendered as {@code helm template} does. */
final class Chart {
  static final String RELEASE = "musa";
  static final String NAMESPACE = "telemetry";
  static final Path DIRECTORY = Path.of("chart");

  /** The lowest that the chart permits. */
  private static final String KUBERNETES = "1.30.0";

  private static final Path VALUES = Path.of("src", "test", "resources", "values");
  private static final Path WITHOUT_HOOKS = withoutHooks();

  private Chart() {}

  /** Every set of values that the tests know, by its name. */
  static List<String> valueSets() {
    return in(VALUES).map(file -> file.toString().replace(".yaml", "")).sorted().toList();
  }

  /** What the chart makes of a set of values, the pods of {@code helm test} among it. */
  static Manifests render(String valueSet) {
    return render(valueSet, Map.of());
  }

  /** The same with some values by {@code --set}. */
  static Manifests render(String valueSet, Map<String, ?> set) {
    return Manifests.parse(text(WITHOUT_HOOKS, VALUES.resolve(valueSet + ".yaml"), set));
  }

  /** What Helm says once it has installed the chart. */
  static String notes(String valueSet, Map<String, ?> set) {
    InstallCommand install =
        new Helm(DIRECTORY)
            .install()
            .withName(RELEASE)
            .withNamespace(NAMESPACE)
            .withKubeVersion(KUBERNETES)
            .clientOnly()
            .withValuesFile(VALUES.resolve(valueSet + ".yaml"));
    set.forEach(install::set);
    String output = install.call().getOutput();
    return output.substring(output.indexOf("NOTES:"));
  }

  /** The text that a chart becomes. */
  static String text(Path chart, Path values, Map<String, ?> set) {
    TemplateCommand template =
        new Helm(chart)
            .template()
            .withName(RELEASE)
            .withNamespace(NAMESPACE)
            .withKubeVersion(KUBERNETES)
            .withValuesFile(values);
    set.forEach(template::set);
    return template.call();
  }

  /** The library leaves out what is a hook, so the tests see a copy in which nothing is. */
  private static Path withoutHooks() {
    try {
      Path copy = Files.createTempDirectory(Path.of("target"), "chart-");
      in(DIRECTORY).forEach(file -> copy(DIRECTORY.resolve(file), copy.resolve(file)));
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) {
    try (Stream<String> lines = Files.lines(from)) {
      Files.createDirectories(to.getParent());
      Files.writeString(
          to,
          lines
              .filter(line -> !line.contains("helm.sh/hook"))
              .collect(Collectors.joining("\n", "", "\n")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files in a directory and all below, relative to it. */
  private static Stream<Path> in(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).map(directory::relativize).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
