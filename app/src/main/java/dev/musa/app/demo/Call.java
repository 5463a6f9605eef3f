package dev.musa.app.demo;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import java.util.List;

/**
 * One span to be, with what it calls in turn: a whole trace is the call at its root.
 *
 * @param ownMillis how long it works itself, half of it before its first call
 */
record Call(
    Pod pod,
    String name,
    SpanKind kind,
    Attributes attributes,
    long ownMillis,
    boolean failed,
    List<LogLine> logs,
    List<Call> calls) {

  Call {
    logs = List.copyOf(logs);
    calls = List.copyOf(calls);
  }

  long millis() {
    long total = ownMillis;
    for (Call call : calls) {
      total += call.millis();
    }
    return total;
  }

  int spans() {
    int total = 1;
    for (Call call : calls) {
      total += call.spans();
    }
    return total;
  }

  int logRecords() {
    int total = logs.size();
    for (Call call : calls) {
      total += call.logRecords();
    }
    return total;
  }

  boolean anyFailed() {
    return failed || calls.stream().anyMatch(Call::anyFailed);
  }
}
