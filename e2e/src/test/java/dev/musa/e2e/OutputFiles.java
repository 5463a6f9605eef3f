package dev.musa.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.schemas.Signal;
import dev.musa.schemas.json.OtlpJson;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads what the files sink wrote. */
final class OutputFiles {
  private final Path directory;

  OutputFiles(Path directory) {
    this.directory = directory;
  }

  List<Span> spans() {
    return resourceSpans().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  List<ResourceLogs> resourceLogs() {
    return requests(Signal.LOGS, LogsData::parseFrom).stream()
        .flatMap(data -> data.getResourceLogsList().stream())
        .toList();
  }

  List<ResourceSpans> resourceSpans() {
    return requests(Signal.TRACES, TracesData::parseFrom).stream()
        .flatMap(data -> data.getResourceSpansList().stream())
        .toList();
  }

  List<LogRecord> logRecords() {
    return resourceLogs().stream()
        .flatMap(resource -> resource.getScopeLogsList().stream())
        .flatMap(scope -> scope.getLogRecordsList().stream())
        .toList();
  }

  List<Metric> metrics() {
    return requests(Signal.METRICS, MetricsData::parseFrom).stream()
        .flatMap(data -> data.getResourceMetricsList().stream())
        .flatMap(resource -> resource.getScopeMetricsList().stream())
        .flatMap(scope -> scope.getMetricsList().stream())
        .toList();
  }

  private interface Parser<T> {
    T parse(byte[] bytes) throws IOException;
  }

  private <T> List<T> requests(Signal signal, Parser<T> parser) {
    List<T> requests = new ArrayList<>();
    try {
      for (Path file : files(signal)) {
        String text = Files.readString(file);
        // The last line may be half written while the process runs.
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
          if (!line.isEmpty()) {
            requests.add(parser.parse(OtlpJson.toProtobuf(signal, line.getBytes(UTF_8))));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return requests;
  }

  private List<Path> files(Signal signal) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(signal.label()))
          .filter(file -> file.getFileName().toString().contains(".jsonl"))
          .sorted()
          .toList();
    }
  }
}
