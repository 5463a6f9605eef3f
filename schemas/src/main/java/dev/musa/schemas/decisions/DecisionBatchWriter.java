package dev.musa.schemas.decisions;

import static dev.musa.schemas.decisions.DecisionBatchFields.CONDITIONS;
import static dev.musa.schemas.decisions.DecisionBatchFields.DECIDED_AT;
import static dev.musa.schemas.decisions.DecisionBatchFields.DURATION_MICROS;
import static dev.musa.schemas.decisions.DecisionBatchFields.OUTCOME;
import static dev.musa.schemas.decisions.DecisionBatchFields.OUTCOMES;
import static dev.musa.schemas.decisions.DecisionBatchFields.OUTCOME_KEPT;
import static dev.musa.schemas.decisions.DecisionBatchFields.OUTCOME_POLICY;
import static dev.musa.schemas.decisions.DecisionBatchFields.OUTCOME_RULES_VERSION;
import static dev.musa.schemas.decisions.DecisionBatchFields.READ_TO;
import static dev.musa.schemas.decisions.DecisionBatchFields.SPANS;
import static dev.musa.schemas.decisions.DecisionBatchFields.TRACE_IDS;
import static dev.musa.schemas.decisions.DecisionBatchFields.TRACE_ID_BYTES;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects decisions and writes them as one {@code DecisionBatch}. Reused; not thread-safe. */
public final class DecisionBatchWriter {
  private final Map<TraceOutcome, Integer> outcomes = new LinkedHashMap<>();
  private long[] ids = new long[256];
  private long[] outcome = new long[128];
  private long[] spans = new long[128];
  private long[] micros = new long[128];
  private long[] conditions = new long[128];
  private int size;

  public void add(
      long traceIdHigh,
      long traceIdLow,
      TraceOutcome outcome,
      int spans,
      long durationNanos,
      long conditions) {
    if (size == this.outcome.length) {
      grow();
    }
    ids[2 * size] = traceIdHigh;
    ids[2 * size + 1] = traceIdLow;
    Integer known = outcomes.putIfAbsent(outcome, outcomes.size());
    this.outcome[size] = known == null ? outcomes.size() - 1 : known;
    this.spans[size] = spans;
    this.micros[size] = durationNanos / 1000;
    this.conditions[size] = conditions;
    size++;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Forgets what was added. */
  public void clear() {
    size = 0;
    outcomes.clear();
  }

  /** What was added since the last call, as the value of a record. */
  public byte[] take(long decidedAtUnixMilli, long readTo) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + size * 24);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes, 4096);
      out.writeInt64(DECIDED_AT, decidedAtUnixMilli);
      out.writeInt64(READ_TO, readTo);
      for (TraceOutcome each : outcomes.keySet()) {
        writeOutcome(out, each);
      }
      writeIds(out);
      writeColumn(out, OUTCOME, outcome);
      writeColumn(out, SPANS, spans);
      writeColumn(out, DURATION_MICROS, micros);
      writeColumn(out, CONDITIONS, conditions);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    clear();
    return bytes.toByteArray();
  }

  private static void writeOutcome(CodedOutputStream out, TraceOutcome outcome) throws IOException {
    out.writeTag(OUTCOMES, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(
        CodedOutputStream.computeBoolSize(OUTCOME_KEPT, outcome.kept())
            + CodedOutputStream.computeStringSize(OUTCOME_POLICY, outcome.policy())
            + CodedOutputStream.computeStringSize(OUTCOME_RULES_VERSION, outcome.rulesVersion()));
    out.writeBool(OUTCOME_KEPT, outcome.kept());
    out.writeString(OUTCOME_POLICY, outcome.policy());
    out.writeString(OUTCOME_RULES_VERSION, outcome.rulesVersion());
  }

  private void writeIds(CodedOutputStream out) throws IOException {
    out.writeTag(TRACE_IDS, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(size * TRACE_ID_BYTES);
    for (int i = 0; i < 2 * size; i++) {
      // Fixed fields are little-endian, ids are big-endian.
      out.writeFixed64NoTag(Long.reverseBytes(ids[i]));
    }
  }

  private void writeColumn(CodedOutputStream out, int field, long[] values) throws IOException {
    int bytes = 0;
    for (int i = 0; i < size; i++) {
      bytes += CodedOutputStream.computeUInt64SizeNoTag(values[i]);
    }
    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(bytes);
    for (int i = 0; i < size; i++) {
      out.writeUInt64NoTag(values[i]);
    }
  }

  private void grow() {
    ids = Arrays.copyOf(ids, ids.length * 2);
    outcome = Arrays.copyOf(outcome, outcome.length * 2);
    spans = Arrays.copyOf(spans, spans.length * 2);
    micros = Arrays.copyOf(micros, micros.length * 2);
    conditions = Arrays.copyOf(conditions, conditions.length * 2);
  }
}
