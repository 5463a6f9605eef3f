package dev.musa.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.app.terminal.Output;
import dev.musa.app.terminal.StopSignal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MusaCommandTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final StopSignal stop = new StopSignal();

  @Test
  void withoutACommandTheUsageIsShown() {
    int code = musa();

    assertThat(code).isZero();
    assertThat(out.toString()).contains("Usage: musa").contains("demo").contains("version");
  }

  @Test
  void version_namesTheJava() {
    int code = musa("version");

    assertThat(code).isZero();
    assertThat(out.toString()).startsWith("musa ").contains("on Java 25");
  }

  @Test
  void run_onlyUnknownParts_isRefusedWithTheParts() {
    int code = musa("run", "--only", "collector,brain");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString())
        .contains("--only")
        .contains("brain")
        .contains("collector, processors, sinks, control, kafka");
  }

  @Test
  void run_onlyTheNodeBesideAnotherKafka_isRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("m.yaml"), "kafka: {bootstrapServers: [a:1]}");
    int code = musa("run", "--only", "kafka,collector", "--config", file.toString());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("[a:1] (expected: one of the two)");
  }

  @Test
  void run_onlyPartsThatNeedAKafka_isRefusedWithoutOne() {
    int code = musa("run", "--only", "collector,sinks");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("no Kafka is configured");
  }

  @Test
  void unknownOption_isOneLine() {
    int code = musa("demo", "--nonsense");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo("musa: Unknown option: '--nonsense' (see musa demo --help)\n");
  }

  @Test
  void demo_refusesARateThatSendsNothing() {
    int code = musa("demo", "--rate", "0");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("musa: --rate is 0.0; expected more than 0 traces per second\n");
  }

  @Test
  void demo_readsDurationsAsPeopleWriteThem() {
    int code = musa("demo", "--duration", "10 seconds");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--duration").contains("10s, 500ms or 1m30s");
  }

  @Test
  void demo_saysAtOnceThatNobodyListens() {
    int code = musa("demo", "--endpoint", "http://127.0.0.1:1");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("musa: nothing answers at http://127.0.0.1:1 (")
        .contains("start `musa run` first")
        .hasLineCount(1);
  }

  @Test
  void config_masksNothingButSecretsAndIsYaml() {
    int code = musa("config", "--tempo", "http://tempo:4317");

    assertThat(code).isZero();
    assertThat(out.toString()).contains("endpoint: http://tempo:4317").contains("port: 4317");
  }

  @Test
  void config_aMistakeIsOneLineWithItsPlace() throws IOException {
    Path file = Files.writeString(directory.resolve("musa.yaml"), "colector: {}\n");

    int code = musa("config", "--config", file.toString());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("musa: " + file + ":1:1: ")
        .contains("collector")
        .hasLineCount(1);
  }

  @Test
  void rulesCheck_ofAGoodSetSaysWhatItHolds() throws IOException {
    Files.writeString(
        directory.resolve("a.yaml"),
        "apiVersion: musa.dev/v1\nkind: Rules\nlogs:\n"
            + "  - {name: quiet, when: severity < INFO, drop: record}\n");

    int code = musa("rules", "check", directory.toString());

    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString()).contains("1 file").contains("logs 1 step");
  }

  @Test
  void rulesCheck_pointsAtWhatIsWrong() throws IOException {
    Files.writeString(
        directory.resolve("a.yaml"),
        "apiVersion: musa.dev/v1\nkind: Rules\nlogs:\n"
            + "  - {name: quiet, when: sevrity < INFO, drop: record}\n");

    int code = musa("rules", "check", directory.toString());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("a.yaml:4:").contains("^").contains("expected:");
  }

  @Test
  void aPartAlone_needsAKafka() {
    int code = musa("sinks", "--data", directory.toString());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .contains("kafka.bootstrapServers")
        .contains("musa kafka")
        .hasLineCount(1);
  }

  @Test
  void run_aPortInUseIsOneLineWithoutATrace() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path file =
          Files.writeString(
              directory.resolve("musa.yaml"), "health: {port: " + taken.getLocalPort() + "}\n");

      int code =
          musa("run", "--config", file.toString(), "--data", directory.resolve("d").toString());

      assertThat(code).isEqualTo(1);
      assertThat(err.toString())
          .contains(String.valueOf(taken.getLocalPort()))
          .contains("health.port")
          .hasLineCount(1);
    }
  }

  @Test
  void run_dataOfAnotherVersionIsOneLine() throws IOException {
    Path data = Files.createDirectories(directory.resolve("d"));
    Files.writeString(data.resolve("musa.version"), "99\n");
    Path file =
        Files.writeString(
            directory.resolve("musa.yaml"), "{health: {port: 0}, admin: {port: 0}}\n");

    int code = musa("run", "--config", file.toString(), "--data", data.toString());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("format 99").hasLineCount(1);
  }

  @Test
  @Timeout(60)
  void stopWhileWaitingForKafka_endsAtOnce() throws IOException {
    int nobody = FreePorts.find(1).getFirst();
    Path file =
        Files.writeString(
            directory.resolve("musa.yaml"),
            """
            kafka: {bootstrapServers: ["127.0.0.1:%d"]}
            health: {port: 0}
            admin: {port: 0}
            """
                .formatted(nobody));
    Thread impatient =
        Thread.ofVirtual()
            .start(() -> {
              while (!out.toString().contains("waiting for Kafka")) {
                LockSupport.parkNanos(1_000_000);
              }
              stop.request();
            });

    int code =
        musa("collector", "--config", file.toString(), "--data", directory.resolve("d").toString());

    impatient.interrupt();
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .startsWith("waiting for Kafka at 127.0.0.1:%d, at most 15 s ...".formatted(nobody))
        .endsWith("stopped before everything had started\n");
    assertThat(code).isZero();
  }

  private int musa(String... arguments) {
    return MusaCommand.commandLine(
            new Output(new PrintWriter(out, true), new PrintWriter(err, true), false),
            _ -> stop,
            InstantSource.system())
        .execute(arguments);
  }
}
