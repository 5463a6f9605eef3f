package dev.musa.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.lifecycle.StartupException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log is that of the whole process, so each test leaves it in a file. */
class LogsTest {
  private static final Logger log = LoggerFactory.getLogger(LogsTest.class);

  @TempDir Path directory;

  @AfterEach
  void leaveTheDirectory() {
    Logs.open(Path.of("target", "logs"), "tests", "file");
  }

  @Test
  void file_isInTheDirectory() throws IOException {
    Logs.open(directory.resolve("logs"), "sinks", "file");
    log.atInfo().addKeyValue("sink", "loki").log("ready");

    assertThat(Logs.file()).isEqualTo(directory.resolve("logs", "sinks.log"));
    assertThat(Files.readString(directory.resolve("logs", "sinks.log")))
        .contains("INFO ", "LogsTest ready sink=\"loki\"");
  }

  @Test
  void standardError_hasObjects_andNoFileIsWritten() throws IOException {
    PrintStream before = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, UTF_8));
    try {
      Logs.open(directory, "sinks", "stderr");
      log.atInfo().addKeyValue("sink", "loki").log("ready");
      log.atDebug().log("not heard");
    } finally {
      System.setErr(before);
    }

    assertThat(written.toString(UTF_8))
        .startsWith("{\"time\":\"")
        .endsWith("\"message\":\"ready\",\"sink\":\"loki\"}\n")
        .doesNotContain("not heard");
    assertThat(Logs.file()).isNull();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void elsewhere_isRefused() {
    assertThatThrownBy(() -> Logs.open(directory, "sinks", "syslog"))
        .isInstanceOf(StartupException.class)
        .hasMessage("MUSA_LOG is syslog (expected: file, or stderr)");
  }
}
