package dev.musa.benchmarks.process;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where and with what was measured.
 *
 * @param libraries those that matter, from the names of the jars on MUSA's class path
 */
public record Machine(
    String cpu,
    int cores,
    long memoryBytes,
    String kernel,
    String jdk,
    String musa,
    Map<String, String> libraries,
    List<String> jvmOptions) {
  private static final Pattern JAR =
      Pattern.compile(
          "(kafka-clients|kafka-streams|grpc-netty|netty-buffer|protobuf-java)-(\\d.*)\\.jar");

  public Machine {
    libraries = Map.copyOf(libraries);
    jvmOptions = List.copyOf(jvmOptions);
  }

  /** This one. */
  public static Machine current(MusaJvm jvm) {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(
        cpuModel(),
        Runtime.getRuntime().availableProcessors(),
        system.getTotalMemorySize(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.runtime.version"),
        Objects.requireNonNullElse(
            Machine.class.getPackage().getImplementationVersion(), "(from classes)"),
        libraries(jvm.classPath()),
        // Whether there is a cache matters, where it lies does not.
        jvm.options().stream()
            .map(o -> o.replaceFirst("^-XX:AOTCache=.*", "-XX:AOTCache"))
            .toList());
  }

  private static String cpuModel() {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(file)) {
      return System.getProperty("os.arch");
    }
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> libraries(String classPath) {
    Map<String, String> found = new TreeMap<>();
    Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(classPath)
        .map(entry -> JAR.matcher(String.valueOf(Path.of(entry).getFileName())))
        .filter(Matcher::matches)
        .forEach(jar -> found.put(jar.group(1), jar.group(2)));
    return found;
  }
}
