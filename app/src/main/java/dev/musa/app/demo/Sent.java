package dev.musa.app.demo;

import io.opentelemetry.api.logs.Severity;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was made, and what of it the endpoint has acknowledged: {@code made = acknowledged + refused
 * + pending} for spans, log records and points. A trace counts once the last of its spans is
 * acknowledged, and as refused if one of them was. Thread-safe.
 */
final class Sent {
  /** The kinds of traces a sampling policy tells apart; a trace may be both error and slow. */
  record TraceKind(boolean error, boolean slow, boolean probe) {}

  /** Acknowledged figures at one moment, and what is missing from them. */
  record Figures(
      long traces,
      long errorTraces,
      long slowTraces,
      long errorAndSlowTraces,
      long probes,
      long spans,
      long logRecords,
      Map<Severity, Long> logRecordsBySeverity,
      long points,
      long refusedTraces,
      long refusedSpans,
      long refusedLogRecords,
      long refusedPoints,
      long unfinishedTraces,
      long pendingSpans,
      long pendingLogRecords,
      @Nullable String lastRefusal) {

    boolean complete() {
      return refusedSpans + refusedLogRecords + refusedPoints + pendingSpans + pendingLogRecords
          == 0;
    }
  }

  private static final class Trace {
    final TraceKind kind;
    final AtomicInteger pending;
    volatile boolean refused;

    Trace(TraceKind kind, int spans) {
      this.kind = kind;
      this.pending = new AtomicInteger(spans);
    }
  }

  private final Map<String, Trace> open = new ConcurrentHashMap<>();
  private final Map<TraceKind, LongAdder> traces = new ConcurrentHashMap<>();
  private final LongAdder refusedTraces = new LongAdder();
  private final Tally spans = new Tally();
  private final Tally logRecords = new Tally();
  private final Tally points = new Tally();
  private final Map<Severity, LongAdder> severities = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable String> lastRefusal = new AtomicReference<>();

  /** Must come before the first of the trace's spans is ended, which may export it. */
  void traceMade(String traceId, TraceKind kind, int spanCount) {
    open.put(traceId, new Trace(kind, spanCount));
    spans.made.add(spanCount);
  }

  void logRecordsMade(int count) {
    logRecords.made.add(count);
  }

  void spansAcknowledged(Collection<String> traceIdPerSpan) {
    spans.acknowledged.add(traceIdPerSpan.size());
    traceIdPerSpan.forEach(id -> settle(id, false));
  }

  void spansRefused(Collection<String> traceIdPerSpan, String reason) {
    spans.refused.add(traceIdPerSpan.size());
    lastRefusal.set(reason);
    traceIdPerSpan.forEach(id -> settle(id, true));
  }

  void logRecordsAcknowledged(Collection<Severity> severityPerRecord) {
    logRecords.acknowledged.add(severityPerRecord.size());
    severityPerRecord.forEach(
        severity -> severities.computeIfAbsent(severity, _ -> new LongAdder()).increment());
  }

  void logRecordsRefused(int count, String reason) {
    logRecords.refused.add(count);
    lastRefusal.set(reason);
  }

  void pointsAcknowledged(int count) {
    points.acknowledged.add(count);
  }

  void pointsRefused(int count, String reason) {
    points.refused.add(count);
    lastRefusal.set(reason);
  }

  /** Spans or log records handed to the SDK and not yet answered, whichever are more. */
  long backlog() {
    return Math.max(spans.pending(), logRecords.pending());
  }

  Figures figures() {
    Map<Severity, Long> bySeverity =
        severities.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    entry -> entry.getValue().sum(),
                    Long::sum,
                    () -> new EnumMap<>(Severity.class)));
    return new Figures(
        count(kind -> true),
        count(TraceKind::error),
        count(TraceKind::slow),
        count(kind -> kind.error() && kind.slow()),
        count(TraceKind::probe),
        spans.acknowledged.sum(),
        logRecords.acknowledged.sum(),
        bySeverity,
        points.acknowledged.sum(),
        refusedTraces.sum(),
        spans.refused.sum(),
        logRecords.refused.sum(),
        points.refused.sum(),
        open.size(),
        spans.pending(),
        logRecords.pending(),
        lastRefusal.get());
  }

  private long count(Predicate<TraceKind> which) {
    return traces.entrySet().stream()
        .filter(entry -> which.test(entry.getKey()))
        .mapToLong(entry -> entry.getValue().sum())
        .sum();
  }

  private void settle(String traceId, boolean refused) {
    Trace trace = open.get(traceId);
    if (trace == null) {
      return; // not one of the visits
    }
    if (refused) {
      trace.refused = true;
    }
    if (trace.pending.decrementAndGet() == 0) {
      open.remove(traceId);
      if (trace.refused) {
        refusedTraces.increment();
      } else {
        traces.computeIfAbsent(trace.kind, _ -> new LongAdder()).increment();
      }
    }
  }

  private static final class Tally {
    final LongAdder made = new LongAdder();
    final LongAdder acknowledged = new LongAdder();
    final LongAdder refused = new LongAdder();

    long pending() {
      return made.sum() - acknowledged.sum() - refused.sum();
    }
  }
}
