package dev.musa.collector;

import dev.musa.schemas.Signal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers {@code POST /v1/{traces,logs,metrics}}, one virtual thread for each request. */
final class HttpExportHandler extends Handler.Abstract {
  private static final Map<String, Signal> SIGNALS =
      Map.of("/v1/traces", Signal.TRACES, "/v1/logs", Signal.LOGS, "/v1/metrics", Signal.METRICS);

  private final HttpExport export;
  private final IntakeMetrics metrics;
  private final RetryAdvice advice;
  private final Duration readTimeout;
  private final long maxDrainBytes;
  private final LongSupplier nanoClock;

  /**
   * @param maxDrainBytes of a refused request that are read before it is refused
   */
  HttpExportHandler(
      HttpExport export,
      IntakeMetrics metrics,
      RetryAdvice advice,
      Duration readTimeout,
      long maxDrainBytes,
      LongSupplier nanoClock) {
    this.export = export;
    this.metrics = metrics;
    this.advice = advice;
    this.readTimeout = readTimeout;
    this.maxDrainBytes = maxDrainBytes;
    this.nanoClock = nanoClock;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    // Reading has its own deadline, and waiting for Kafka is not idleness.
    request.addIdleTimeoutListener(_ -> false);
    try (HttpRequestBody body = new HttpRequestBody(request, readTimeout, nanoClock)) {
      HttpReply reply = reply(request, body);
      if (reply.isError()) {
        body.drain(maxDrainBytes, request.getHeaders().contains(HttpHeader.EXPECT));
      }
      HttpReplyWriter.write(reply, request, response, callback);
    } catch (HttpRequestBody.ClientGoneException e) {
      callback.failed(e);
    }
    return true;
  }

  private HttpReply reply(Request request, HttpRequestBody body) {
    String path = Request.getPathInContext(request);
    String contentType = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    HttpEncoding encoding = HttpEncoding.of(contentType);
    Signal signal = SIGNALS.get(path);
    if (signal == null) {
      return HttpStatuses.notFound(path, encoding);
    }
    if (!HttpMethod.POST.is(request.getMethod())) {
      return HttpStatuses.methodNotAllowed(request.getMethod(), encoding);
    }
    if (encoding == null) {
      return HttpStatuses.unsupportedContentType(contentType);
    }
    String compression = compression(request);
    boolean gzip = compression.equals("gzip");
    if (!gzip && !compression.equals("identity")) {
      return HttpStatuses.unsupportedContentEncoding(compression, encoding);
    }
    Sender sender = new Sender(request.getConnectionMetaData().getRemoteSocketAddress());
    HttpExport.Head head = new HttpExport.Head(signal, encoding, gzip, request.getLength(), sender);
    Outcome outcome = export.export(head, body);
    metrics.answered(Protocol.HTTP, signal, outcome);
    return HttpStatuses.of(outcome, signal, encoding, advice);
  }

  /**
   * Lower case; several values, which mean one compression upon the other, are joined by commas.
   */
  private static String compression(Request request) {
    String named =
        String.join(", ", request.getHeaders().getCSV(HttpHeader.CONTENT_ENCODING, false));
    return named.isEmpty() ? "identity" : named.toLowerCase(Locale.ROOT);
  }
}
