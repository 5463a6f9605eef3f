package dev.musa.sinks.testing;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;

/** Answers as Loki 3.7 does on {@code /otlp/v1/logs}; {@code auth_enabled} is true. */
public final class LokiStub extends HttpStub {
  private static final Duration MAX_AGE = Duration.ofDays(7);
  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final int MAX_LINE = 256 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, List<String>> linesByTenant = new LinkedHashMap<>();
  private volatile int maxMessageBytes = 4 << 20;
  private volatile int rateBytes = 4 << 20;
  private volatile int burstBytes = 6 << 20;
  private volatile boolean ingestionBlocked;

  public LokiStub(SSLContext mutualTls) {
    super("/otlp/v1/logs", mutualTls);
  }

  /** Sets {@code grpc_server_max_recv_msg_size}. */
  public void setMaxMessageBytes(int bytes) {
    maxMessageBytes = bytes;
  }

  /** Sets {@code ingestion_rate_mb} and {@code ingestion_burst_size_mb}, in bytes. */
  public void setRate(int bytesPerSecond, int burst) {
    rateBytes = bytesPerSecond;
    burstBytes = burst;
  }

  /** Sets {@code block_ingestion_until}. */
  public void setIngestionBlocked(boolean blocked) {
    ingestionBlocked = blocked;
  }

  /** The lines that a tenant would find; repeats are stored once. */
  public List<String> lines(String tenant) {
    lock.lock();
    try {
      return List.copyOf(linesByTenant.getOrDefault(tenant, List.of()));
    } finally {
      lock.unlock();
    }
  }

  @Override
  protected Response accept(Request request) {
    var tenant = request.header("x-scope-orgid");
    if (tenant.isEmpty()) {
      return Response.text(401, "no org id\n");
    }
    if (tenant.contains("|") || tenant.contains("/")) {
      return Response.text(400, "org id '" + tenant + "' contains unsupported character\n");
    }
    if (!isProtobuf(request)) {
      return Response.status(
          400, "content type: " + request.header("content-type") + " is not supported");
    }
    try {
      return store(tenant, LogsData.parseFrom(request.body()), request.body().size());
    } catch (InvalidProtocolBufferException e) {
      return Response.status(400, "couldn't parse push request: " + e.getMessage());
    }
  }

  private Response store(String tenant, LogsData data, int size) {
    var records = new ArrayList<LogRecord>();
    for (ResourceLogs resource : data.getResourceLogsList()) {
      resource.getScopeLogsList().forEach(scope -> records.addAll(scope.getLogRecordsList()));
    }
    if (ingestionBlocked) {
      return Response.status(
          260, "ingestion blocked for user " + tenant + " until '2027' with status code '260'");
    }
    if (records.isEmpty()) {
      return Response.status(422, "error at least one valid stream is required for ingestion");
    }
    for (var log : records) {
      if (log.getAttributesList().stream().anyMatch(a -> a.getKey().isEmpty())) {
        return Response.status(400, "couldn't parse push request: label name is empty");
      }
    }
    if (size > burstBytes) {
      return Response.status(429, rateLimited(tenant, records.size(), size));
    }
    if (size > maxMessageBytes) {
      return Response.status(
          503,
          "rpc error: code = ResourceExhausted desc = grpc: received message larger than max ("
              + size
              + " vs. "
              + maxMessageBytes
              + ")");
    }
    return storeEntries(tenant, records);
  }

  private String rateLimited(String tenant, int lines, int size) {
    return ("ingestion rate limit exceeded for user %s (limit: %d bytes/sec) while attempting to"
            + " ingest '%d' lines totaling '%d' bytes, reduce log volume or contact your Loki"
            + " administrator to see if the limit can be increased")
        .formatted(tenant, rateBytes, lines, size);
  }

  /** Bad entries are named and left out; the others are stored. */
  private Response storeEntries(String tenant, List<LogRecord> records) {
    var refused = new ArrayList<String>();
    lock.lock();
    try {
      var lines = linesByTenant.computeIfAbsent(tenant, _ -> new ArrayList<>());
      for (var log : records) {
        var line = log.getBody().getStringValue();
        var time = Instant.ofEpochSecond(0, log.getTimeUnixNano());
        var reason = refusal(line, time);
        if (!reason.isEmpty()) {
          refused.add(reason);
        } else if (!lines.contains(line)) {
          lines.add(line);
        }
      }
    } finally {
      lock.unlock();
    }
    if (refused.isEmpty()) {
      return Response.empty(204);
    }
    return Response.status(
        400,
        String.join("\n", refused)
            + "\nuser '"
            + tenant
            + "', total ignored: "
            + refused.size()
            + " out of "
            + records.size()
            + " for stream: {service_name=\"shop\"}");
  }

  private static String refusal(String line, Instant time) {
    var now = Instant.ofEpochMilli(Telemetry.NOW_MILLI);
    if (time.isBefore(now.minus(MAX_AGE))) {
      return "entry for stream '{service_name=\"shop\"}' has timestamp too old: " + time;
    }
    if (time.isAfter(now.plus(GRACE))) {
      return "entry for stream '{service_name=\"shop\"}' has timestamp too new: " + time;
    }
    if (time.isBefore(now.minus(Duration.ofHours(1)))) {
      return "entry with timestamp " + time + " ignored, reason: 'entry too far behind'";
    }
    return line.length() > MAX_LINE
        ? "Max entry size '262144' bytes exceeded for stream '{service_name=\"shop\"}'"
        : "";
  }
}
