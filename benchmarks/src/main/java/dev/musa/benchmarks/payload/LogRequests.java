package dev.musa.benchmarks.payload;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.ArrayList;
import java.util.List;

/** Makes requests with log records, each of one pod. */
final class LogRequests {
  private static final int FRAME = 8;

  /** One in this many is an error, one in four is for debugging, the others say what happens. */
  private static final int ERROR_EVERY = 50;

  private final LogShape shape;
  private final Words words;
  private final Resources resources;

  LogRequests(LogShape shape, Words words) {
    this.shape = shape;
    this.words = words;
    this.resources = new Resources(words, 4, (shape.pods() + 3) / 4, shape.resourceAttributes());
  }

  List<byte[]> make(int count) {
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(request());
    }
    return requests;
  }

  private byte[] request() {
    Resource resource = resources.any();
    int overhead = resource.getSerializedSize() + Resources.SCOPE.getSerializedSize() + 2 * FRAME;
    int bytes = shape.recordBytes() - overhead / shape.recordsPerRequest();
    ScopeLogs.Builder records = ScopeLogs.newBuilder().setScope(Resources.SCOPE);
    for (int i = 0; i < shape.recordsPerRequest(); i++) {
      records.addLogRecords(logRecord(bytes));
    }
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(ResourceLogs.newBuilder().setResource(resource).addScopeLogs(records))
        .build()
        .toByteArray();
  }

  private LogRecord logRecord(int bytes) {
    boolean error = words.random().nextInt(ERROR_EVERY) == 0;
    boolean debug = words.random().nextInt(4) == 0;
    LogRecord.Builder logRecord =
        LogRecord.newBuilder()
            .setTimeUnixNano(1)
            .setObservedTimeUnixNano(1)
            .setSeverityNumber(
                error
                    ? SeverityNumber.SEVERITY_NUMBER_ERROR
                    : debug
                        ? SeverityNumber.SEVERITY_NUMBER_DEBUG
                        : SeverityNumber.SEVERITY_NUMBER_INFO)
            .setSeverityText(error ? "ERROR" : debug ? "DEBUG" : "INFO")
            .setTraceId(words.id(16))
            .setSpanId(words.id(8));
    for (int i = 0; i < shape.recordAttributes(); i++) {
      logRecord.addAttributes(words.attribute(i + 6));
    }
    int missing = bytes - logRecord.build().getSerializedSize() - FRAME;
    return logRecord
        .setBody(AnyValue.newBuilder().setStringValue(words.text(Math.max(8, missing))))
        .build();
  }
}
