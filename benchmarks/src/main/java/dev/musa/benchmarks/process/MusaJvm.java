package dev.musa.benchmarks.process;

import dev.musa.runtime.lifecycle.StartupException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How the JVMs of MUSA are started: as the start script does, which tells how. */
public record MusaJvm(List<String> options, String classPath) {
  private static final String OPTIONS = "musa.bench.options";
  private static final String CLASS_PATH = "musa.bench.classpath";

  public MusaJvm {
    options = List.copyOf(options);
  }

  /** As told by the start script. */
  public static MusaJvm ofScript() {
    String classPath = System.getProperty(CLASS_PATH);
    if (classPath == null) {
      throw new StartupException(
          "the system property " + CLASS_PATH + " is missing: start the bench by ./musa bench");
    }
    List<String> options =
        Arrays.stream(System.getProperty(OPTIONS, "").strip().split("\\s+"))
            .filter(option -> !option.isEmpty())
            .toList();
    return new MusaJvm(options, classPath);
  }

  /** The same for short runs at low rates, where starting is most of the work. */
  public MusaJvm small() {
    List<String> smaller = new ArrayList<>(options);
    smaller.removeIf(option -> option.startsWith("-XX:AOTCache="));
    smaller.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx256m"));
    return new MusaJvm(smaller, classPath);
  }

  /** A command of MUSA. */
  public List<String> command(List<String> arguments) {
    return java(options, classPath, "dev.musa.app.Main", arguments);
  }

  /** A command of the bench in a process of its own. */
  public static List<String> bench(List<String> arguments) {
    return java(
        List.of(
            "-XX:+UseParallelGC",
            "-Xmx512m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dmusa.terminal=false"),
        System.getProperty("java.class.path"),
        "dev.musa.benchmarks.Main",
        arguments);
  }

  private static List<String> java(
      List<String> options, String classPath, String main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(arguments);
    return command;
  }
}
