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

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A record of the decisions topic, read. */
public final class DecisionBatch {
  private long decidedAtUnixMilli;
  private long readTo;
  private final List<TraceOutcome> outcomes = new ArrayList<>();
  private ByteBuffer traceIds = ByteBuffer.allocate(0);
  private long[] outcome = {};
  private long[] spans = {};
  private long[] durationMicros = {};
  private long[] conditions = {};

  private DecisionBatch() {}

  /** Reads a record's value; throws {@link MalformedDecisionsException}. */
  public static DecisionBatch parse(byte[] value) {
    DecisionBatch batch = new DecisionBatch();
    try {
      batch.read(CodedInputStream.newInstance(value));
    } catch (IOException e) {
      throw new MalformedDecisionsException("not a batch of decisions: " + e.getMessage(), e);
    }
    batch.check();
    return batch;
  }

  public int size() {
    return outcome.length;
  }

  /** The time that the decisions were made at: record time of the raw topic. */
  public long decidedAtUnixMilli() {
    return decidedAtUnixMilli;
  }

  /** The first pass had read all raw records below this offset. */
  public long readTo() {
    return readTo;
  }

  public long traceIdHigh(int i) {
    return traceIds.getLong(i * TRACE_ID_BYTES);
  }

  public long traceIdLow(int i) {
    return traceIds.getLong(i * TRACE_ID_BYTES + Long.BYTES);
  }

  public TraceOutcome outcome(int i) {
    return outcomes.get((int) outcome[i]);
  }

  public int spans(int i) {
    return (int) spans[i];
  }

  public long durationMicros(int i) {
    return durationMicros[i];
  }

  /** Bit i: a span fulfilled the condition of policy i of the rule set. */
  public long conditions(int i) {
    return conditions[i];
  }

  private void read(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case DECIDED_AT -> decidedAtUnixMilli = in.readInt64();
        case READ_TO -> readTo = in.readInt64();
        case OUTCOMES -> outcomes.add(readOutcome(in));
        case TRACE_IDS -> traceIds = ByteBuffer.wrap(in.readByteArray());
        case OUTCOME -> outcome = readColumn(in);
        case SPANS -> spans = readColumn(in);
        case DURATION_MICROS -> durationMicros = readColumn(in);
        case CONDITIONS -> conditions = readColumn(in);
        default -> in.skipField(tag);
      }
    }
  }

  private static TraceOutcome readOutcome(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    boolean kept = false;
    String policy = "";
    String rulesVersion = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case OUTCOME_KEPT -> kept = in.readBool();
        case OUTCOME_POLICY -> policy = in.readStringRequireUtf8();
        case OUTCOME_RULES_VERSION -> rulesVersion = in.readStringRequireUtf8();
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
    return new TraceOutcome(kept, policy, rulesVersion);
  }

  private static long[] readColumn(CodedInputStream in) throws IOException {
    int length = in.readRawVarint32();
    int limit = in.pushLimit(length);
    // Each value takes at least one byte; what is claimed beyond the input fails at reading.
    long[] values = new long[Math.min(length, 1024)];
    int size = 0;
    while (in.getBytesUntilLimit() > 0) {
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = in.readUInt64();
    }
    in.popLimit(limit);
    return Arrays.copyOf(values, size);
  }

  private void check() {
    int size = outcome.length;
    if (traceIds.limit() != size * TRACE_ID_BYTES
        || spans.length != size
        || durationMicros.length != size
        || conditions.length != size) {
      throw new MalformedDecisionsException(
          "columns of %d bytes of ids, %d outcomes, %d spans, %d durations, %d conditions (expected: 16 bytes of ids for each outcome and as many of the others)"
              .formatted(
                  traceIds.limit(), size, spans.length, durationMicros.length, conditions.length));
    }
    for (long index : outcome) {
      if (index < 0 || index >= outcomes.size()) {
        throw new MalformedDecisionsException(
            "outcome %d (expected: 0 to %d)".formatted(index, outcomes.size() - 1));
      }
    }
  }
}
