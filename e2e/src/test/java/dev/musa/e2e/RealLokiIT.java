package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.resource.v1.Resource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What goes through MUSA can be queried back from Loki itself. */
class RealLokiIT {
  @TempDir Path directory;
  private final String run = HexFormat.of().toHexDigits(new Random().nextInt());

  @Test
  void loki_hasEveryLineWithItsSeverity() throws Exception {
    try (BackendServer loki = BackendServer.loki()) {
      Installation musa = Installation.in(directory);
      try (MusaProcess _ = musa.run("--loki", loki.ingest().toString())) {
        Instant now = Instant.now();
        String service = "musa-e2e-" + run;
        List<LogRecord> sent = logRecords(now, 240);
        assertThat(Traces.post(musa.ports(), "logs", logs(service, sent).toByteArray()))
            .isEqualTo(200);

        Set<Line> expected = new HashSet<>();
        sent.forEach(record -> expected.add(Line.of(service, record)));
        URI query =
            loki.query(
                "/loki/api/v1/query_range?limit=1000&start=%s&end=%s&query=%s"
                    .formatted(
                        BackendQuery.nanos(now.minusSeconds(600)),
                        BackendQuery.nanos(now.plusSeconds(60)),
                        BackendQuery.encode("{service_name=\"" + service + "\"}")));
        Deliveries.awaitDelivery(
            musa, "lines", () -> lines(query), lines -> lines.size() >= sent.size());
        assertThat(lines(query)).containsExactlyInAnyOrderElementsOf(expected);
        Deliveries.awaitAllDelivered(musa, sent.size());
      }
    }
  }

  /** A line every 10 ms up to now, each severity in turn. */
  private static List<LogRecord> logRecords(Instant now, int count) {
    List<LogRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SeverityNumber severity = SeverityNumber.forNumber(1 + i % 24);
      records.add(
          LogRecord.newBuilder()
              .setTimeUnixNano(
                  BackendQuery.nanos(now) - TimeUnit.MILLISECONDS.toNanos(10L * (count - i)) + i)
              .setSeverityNumber(severity)
              .setSeverityText(severity.name().substring("SEVERITY_NUMBER_".length()))
              .setBody(AnyValue.newBuilder().setStringValue("line " + i + ": \"größer\" {a=b}"))
              .addAttributes(Traces.attribute("http.route", "/cart/" + i % 7))
              .build());
    }
    return records;
  }

  private static LogsData logs(String service, List<LogRecord> records) {
    return LogsData.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .setResource(
                    Resource.newBuilder().addAttributes(Traces.attribute("service.name", service)))
                .addScopeLogs(ScopeLogs.newBuilder().addAllLogRecords(records)))
        .build();
  }

  private record Line(
      String service, long time, String line, String number, String text, String route) {
    static Line of(String service, LogRecord record) {
      return new Line(
          service,
          record.getTimeUnixNano(),
          record.getBody().getStringValue(),
          Integer.toString(record.getSeverityNumberValue()),
          record.getSeverityText(),
          record.getAttributes(0).getValue().getStringValue());
    }
  }

  /** Lines as Loki has them; a stream's labels include what a line's metadata says. */
  private static List<Line> lines(URI query) {
    List<Line> lines = new ArrayList<>();
    for (JsonNode stream : BackendQuery.result(query)) {
      JsonNode labels = stream.path("stream");
      for (JsonNode value : stream.path("values")) {
        lines.add(
            new Line(
                labels.path("service_name").asString(""),
                Long.parseLong(value.get(0).asString()),
                value.get(1).asString(),
                labels.path("severity_number").asString(""),
                labels.path("severity_text").asString(""),
                labels.path("http_route").asString("")));
      }
    }
    return lines;
  }
}
