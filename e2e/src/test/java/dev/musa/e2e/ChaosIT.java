package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run of {@code musa chaos}: one fault of each sort that is quickly over. */
class ChaosIT {
  private static final String FAULTS = "kill,kill-processors,kill-sinks,backend-forgetful";
  private static final Duration LIMIT = Duration.ofMinutes(6);

  @TempDir Path directory;

  @Test
  void someFaults_loseNothing_splitNothing_andTheLedgerBalances() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.musa.chaos.Main"));
    command.addAll(
        List.of("--each", "--faults", FAULTS, "--data", directory.resolve("run").toString()));
    Process chaos = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> said = new ArrayList<>();
    Thread reader = Thread.ofVirtual().start(() -> chaos.inputReader().lines().forEach(said::add));
    boolean ended = chaos.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
    if (!ended) {
      chaos.descendants().forEach(ProcessHandle::destroyForcibly);
      chaos.destroyForcibly();
    }
    reader.join();
    said.forEach(System.out::println);
    assertThat(ended).as("it ended in time").isTrue();
    assertThat(chaos.exitValue()).as(() -> String.join("\n", said)).isZero();
    assertThat(said)
        .anyMatch(line -> line.startsWith("backend  lost 0, split traces 0, unwanted 0,"));
  }
}
