package dev.musa.app.demo;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The shop at work: turns a {@link Call} tree into spans of several services with their logs. Spans
 * get the times they would have had and end at the moment of the visit, so a slow trace need not be
 * waited for.
 */
final class Shop implements AutoCloseable {
  /** From here on a trace counts as slow; the visits keep clear of it on both sides. */
  static final Duration SLOW = Duration.ofMillis(500);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final Sent sent;
  private final Map<Pod, Instrumented> pods;

  /** Each pod has exporters of its own, as its process would have. */
  Shop(List<Pod> pods, Endpoint endpoint, Sent sent) {
    this.sent = sent;
    this.pods =
        pods.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Function.identity(),
                    pod ->
                        new Instrumented(
                            pod,
                            CountingExporters.counting(endpoint.spans(), sent),
                            CountingExporters.counting(endpoint.logRecords(), sent),
                            CountingExporters.counting(endpoint.metrics(), sent))));
  }

  /** Plays one visit that ends at the given time. */
  void play(Call root, Instant end) {
    sent.logRecordsMade(root.logRecords());
    play(root, Context.root(), end.minusMillis(root.millis()), true);
  }

  /** Waits until everything is answered; false if that took longer than the limit. */
  boolean flush(Duration limit) {
    CompletableResultCode flushed =
        CompletableResultCode.ofAll(pods.values().stream().map(Instrumented::flush).toList());
    flushed.join(limit.toMillis(), TimeUnit.MILLISECONDS);
    return flushed.isDone();
  }

  /** Collects the metrics a last time and ends the SDKs; only then are the figures final. */
  @Override
  public void close() {
    CompletableResultCode closed =
        CompletableResultCode.ofAll(pods.values().stream().map(Instrumented::shutdown).toList());
    closed.join(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void play(Call call, Context parent, Instant start, boolean root) {
    Instrumented pod = Objects.requireNonNull(pods.get(call.pod()));
    Span span =
        pod.tracer()
            .spanBuilder(call.name())
            .setParent(parent)
            .setSpanKind(call.kind())
            .setAllAttributes(call.attributes())
            .setStartTimestamp(start)
            .startSpan();
    if (root) {
      sent.traceMade(span.getSpanContext().getTraceId(), kindOf(call), call.spans());
    }
    Context here = parent.with(span);
    for (LogLine line : call.logs()) {
      pod.logger()
          .logRecordBuilder()
          .setContext(here)
          .setTimestamp(start)
          .setSeverity(line.severity())
          .setSeverityText(line.severity().name())
          .setBody(line.body())
          .setAllAttributes(line.attributes())
          .emit();
    }
    Instant next = start.plusMillis(call.ownMillis() / 2);
    for (Call called : call.calls()) {
      play(called, here, next, false);
      next = next.plusMillis(called.millis());
    }
    Instant end = start.plusMillis(call.millis());
    if (call.failed()) {
      span.setStatus(StatusCode.ERROR, "failed");
      span.addEvent(
          "exception",
          Attributes.builder()
              .put("exception.type", "UpstreamException")
              .put("exception.message", call.name() + " failed")
              .build(),
          end);
    }
    span.end(end);
    if (root) {
      pod.served(call.name(), call.failed(), call.millis() / 1000.0);
    }
  }

  private static Sent.TraceKind kindOf(Call root) {
    return new Sent.TraceKind(
        root.anyFailed(),
        Duration.ofMillis(root.millis()).compareTo(SLOW) > 0,
        Visits.isProbe(root));
  }
}
