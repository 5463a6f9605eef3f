package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** Exporters of other languages, installed from their registries where the runtime is there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherLanguagesIT extends OnEachKafka {
  private static final Path RESOURCES = Path.of("src", "test", "resources").toAbsolutePath();
  private static final Path INSTALLED = Path.of("target", "other-languages").toAbsolutePath();
  private static final Duration ARRIVAL = Duration.ofSeconds(60);
  private static final int ITEMS = 50;

  private Installation musa;
  private MusaProcess process;

  @BeforeParameterizedClassInvocation
  void start(Kafka kafka, @TempDir Path directory) {
    musa = kafka.install(directory);
    process = musa.run();
  }

  @AfterParameterizedClassInvocation
  void stop() {
    process.close();
  }

  @Test
  void node_overHttpProtobuf() throws Exception {
    Skip.unless(isThere("node") && isThere("npm"), "node_overHttpProtobuf", "no node and npm");
    Path directory = Files.createDirectories(INSTALLED.resolve("node"));
    for (String file : List.of("package.json", "send.mjs")) {
      Files.copy(
          RESOURCES.resolve("node").resolve(file),
          directory.resolve(file),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    Skip.unless(
        run(directory, "npm", "install", "--no-audit", "--no-fund"),
        "node_overHttpProtobuf",
        "npm could not install the exporter");

    assertThat(
            run(
                directory,
                "node",
                "send.mjs",
                "http://127.0.0.1:" + musa.ports().http() + "/v1/traces",
                "from-node",
                Integer.toString(ITEMS)))
        .isTrue();
    assertArrived("from-node");
  }

  @Test
  void python_overGrpc() throws Exception {
    Skip.unless(isThere("python3"), "python_overGrpc", "no python3");
    Path directory = Files.createDirectories(INSTALLED.resolve("python"));
    Path python = directory.resolve("bin").resolve("python");
    Skip.unless(
        run(directory, "python3", "-m", "venv", ".")
            && run(
                directory,
                python.toString(),
                "-m",
                "pip",
                "install",
                "--quiet",
                "opentelemetry-exporter-otlp-proto-grpc==1.45.2",
                "opentelemetry-sdk==1.45.2"),
        "python_overGrpc",
        "pip could not install the exporter");

    assertThat(
            run(
                directory,
                python.toString(),
                RESOURCES.resolve("send.py").toString(),
                "127.0.0.1:" + musa.ports().grpc(),
                "from-python",
                Integer.toString(ITEMS)))
        .isTrue();
    assertArrived("from-python");
  }

  private void assertArrived(String name) {
    OutputFiles output = new OutputFiles(musa.output());
    Await.until(name, ARRIVAL, () -> count(output, name) >= ITEMS, () -> count(output, name));
    assertThat(count(output, name)).isEqualTo(ITEMS);
  }

  private static long count(OutputFiles output, String name) {
    return output.spans().stream().filter(span -> span.getName().equals(name)).count();
  }

  private static boolean isThere(String command) throws InterruptedException {
    try {
      return run(Path.of("."), command, "--version");
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean run(Path directory, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(
                    Files.createDirectories(INSTALLED).resolve("commands.log").toFile()))
            .start();
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      return false;
    }
    return process.exitValue() == 0;
  }
}
