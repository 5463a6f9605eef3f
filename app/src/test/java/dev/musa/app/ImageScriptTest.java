package dev.musa.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How the image starts the JVM: the script in a directory as the image has it, before a fake JVM.
 */
class ImageScriptTest {
  private static final Path SCRIPT = Path.of("src/main/image/musa");
  private static final Path OPTIONS = Path.of("src/main/jvm/options");
  private static final Path SOURCES = Path.of("..");

  @TempDir Path temp;
  private Path home;

  @BeforeEach
  void layOut() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell");
    home = temp.toRealPath().resolve("opt").resolve("musa");
    for (String directory : List.of("bin", "jvm", "libs", "classpath")) {
      Files.createDirectories(home.resolve(directory));
    }
    Files.copy(SCRIPT, home.resolve("bin/musa"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(OPTIONS, home.resolve("jvm/options"));
    Files.createFile(home.resolve("libs/kafka.jar"));
    Files.createFile(home.resolve("libs/musa-rules.jar"));
    Files.createFile(home.resolve("classpath/musa-app.jar"));
    Path java = Files.createDirectories(temp.resolve("jdk/bin")).resolve("java");
    Files.writeString(
        java,
        "#!/bin/sh\nfor each; do echo \"$each\"; done\necho arenas=$MALLOC_ARENA_MAX\n"
            + "echo log=$MUSA_LOG\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void starts_withTheSharedOptions_halfOfTheMemory_andTheAppFirst() throws Exception {
    assertThat(run(Map.of(), "run", "--data", "/a place"))
        .containsExactly(
            "@" + home.resolve("jvm/options"),
            "-XX:MaxRAMPercentage=50",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "-Dmusa.terminal=false",
            "-cp",
            home.resolve("classpath/musa-app.jar")
                + ":"
                + home.resolve("libs/kafka.jar")
                + ":"
                + home.resolve("libs/musa-rules.jar"),
            "dev.musa.app.Main",
            "run",
            "--data",
            "/a place",
            "arenas=2",
            "log=stderr");
  }

  @Test
  void log_goesToAFileOnRequest() throws Exception {
    assertThat(run(Map.of(Logs.WHERE, "file"), "run")).last().isEqualTo("log=file");
  }

  @Test
  void ownOptions_comeLast_soThatTheyWin() throws Exception {
    List<String> arguments = run(Map.of("MUSA_JAVA_OPTS", "-Xmx2g -Xss1m"), "version");

    assertThat(arguments.indexOf("-Xmx2g"))
        .isGreaterThan(arguments.indexOf("-XX:MaxRAMPercentage=50"))
        .isLessThan(arguments.indexOf("-cp"));
    assertThat(arguments).contains("-Xss1m");
  }

  @Test
  void cache_isUsedIfThereIsOne() throws Exception {
    Files.writeString(home.resolve("musa.aot"), "classes");

    assertThat(run(Map.of(), "run")).contains("-XX:AOTCache=" + home.resolve("musa.aot"));
  }

  /** An option beside the file would hold in one place only. */
  @Test
  void options_standInOneFile() throws IOException {
    List<String> options =
        Files.readAllLines(OPTIONS).stream().filter(line -> !line.startsWith("#")).toList();
    assertThat(options).isNotEmpty().allMatch(option -> option.matches("-\\S+"));
    String musa = Files.readString(SOURCES.resolve("musa"));
    assertThat(musa).contains("app/src/main/jvm/options");
    String start = musa.substring(musa.lastIndexOf("\nexec "));
    for (String text :
        List.of(start, Files.readString(SCRIPT), Files.readString(SOURCES.resolve("Dockerfile")))) {
      assertThat(text).doesNotContain("-XX:+", "-XX:-", "--enable-native", "--sun-misc");
    }
  }

  private List<String> run(Map<String, String> more, String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = home.resolve("bin/musa").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = new HashMap<>(more);
    environment.put("JAVA_HOME", temp.resolve("jdk").toString());
    environment.put("PATH", "/usr/bin:/bin");
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return Arrays.asList(output.stripTrailing().split("\n", -1));
  }
}
