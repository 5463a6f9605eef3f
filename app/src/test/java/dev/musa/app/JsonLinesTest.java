package dev.musa.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonLinesTest {
  private final JsonLines lines = new JsonLines();

  @Test
  void event_isOneLine_andItsKeysAreFields() {
    LoggingEvent event = event("no answer\nfrom \"loki\" – ☃", null);
    event.setKeyValuePairs(
        List.of(
            new KeyValuePair("sink", "loki"),
            new KeyValuePair("bytes", 12L),
            new KeyValuePair("thread", "another"),
            new KeyValuePair("cause", null)));

    String text = new String(lines.encode(event), UTF_8);

    assertThat(text).endsWith("}\n").containsOnlyOnce("\n");
    assertThat(text)
        .isEqualTo(
            """
            {"time":"2026-03-01T08:15:30.123Z","level":"WARN","thread":"main",\
            "logger":"dev.musa.test","message":"no answer\\nfrom \\"loki\\" – ☃",\
            "sink":"loki","bytes":12,"thread_":"another","cause":"null"}
            """);
  }

  @Test
  void exception_isAStackTraceInTheSameLine() {
    Exception thrown = new IllegalStateException("outer", new IllegalArgumentException("inner"));

    String text = new String(lines.encode(event("failed", thrown)), UTF_8);

    assertThat(text).containsOnlyOnce("\n");
    JsonNode line = JsonMapper.shared().readTree(text);
    assertThat(line.path("exception").asString())
        .startsWith("java.lang.IllegalStateException: outer")
        .contains("Caused by: java.lang.IllegalArgumentException: inner", "JsonLinesTest");
  }

  private static LoggingEvent event(String message, Throwable thrown) {
    Logger logger = new LoggerContext().getLogger("dev.musa.test");
    LoggingEvent event = new LoggingEvent("", logger, Level.WARN, message, thrown, null);
    event.setThreadName("main");
    event.setInstant(Instant.parse("2026-03-01T08:15:30.123Z"));
    return event;
  }
}
