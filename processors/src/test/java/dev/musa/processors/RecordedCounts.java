package dev.musa.processors;

import dev.musa.processors.stages.UnitOfWork.CountSink;
import java.util.Map;
import java.util.TreeMap;

/** Keeps what was counted: items by "tenant signal outcome reason". */
public final class RecordedCounts implements CountSink {
  private final Map<String, Long> items = new TreeMap<>();
  private final Map<String, Long> bytes = new TreeMap<>();
  private final Map<String, Long> unenriched = new TreeMap<>();

  @Override
  public void count(
      String tenant, String signal, String outcome, String reason, long items, long bytes) {
    String key = String.join(" ", tenant, signal, outcome, reason).strip();
    this.items.merge(key, items, Long::sum);
    this.bytes.merge(key, bytes, Long::sum);
  }

  @Override
  public void countUnenriched(String tenant, String signal, String reason, long items) {
    unenriched.merge(signal + " " + reason, items, Long::sum);
  }

  /** Items by "signal reason". */
  public Map<String, Long> unenriched() {
    return unenriched;
  }

  public Map<String, Long> items() {
    return items;
  }

  public Map<String, Long> bytes() {
    return bytes;
  }
}
