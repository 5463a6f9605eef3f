package dev.musa.schemas.wire;

/** A view of one {@code opentelemetry.proto.trace.v1.Span}. */
public final class SpanView extends ItemView {
  static final int TRACE_ID = 1;
  private static final int SPAN_ID = 2;
  private static final int TRACE_STATE = 3;
  private static final int PARENT_SPAN_ID = 4;
  private static final int NAME = 5;
  private static final int KIND = 6;
  private static final int START_TIME = 7;
  private static final int END_TIME = 8;
  private static final int ATTRIBUTES = 9;
  private static final int STATUS = 15;
  private static final int FLAGS = 16;
  private static final int STATUS_MESSAGE = 2;
  private static final int STATUS_CODE = 3;

  private static final Layout LAYOUT =
      new Layout(FLAGS, STATUS)
          .with(FieldReader.LENGTH, TRACE_ID, SPAN_ID, TRACE_STATE, PARENT_SPAN_ID, NAME, STATUS)
          .with(FieldReader.VARINT, KIND)
          .with(FieldReader.FIXED64, START_TIME, END_TIME)
          .with(FieldReader.FIXED32, FLAGS);

  private final FieldReader status = new FieldReader();
  private final Text name = new Text();
  private final Text traceState = new Text();
  private final Text statusMessage = new Text();

  SpanView() {
    super(LAYOUT);
  }

  @Override
  int attributesField() {
    return ATTRIBUTES;
  }

  /** Length in bytes of the trace id as sent; 16 if it is valid. */
  public int traceIdLength() {
    return lengthOf(TRACE_ID);
  }

  /** The first eight bytes of the trace id, big-endian; 0 if it is shorter. */
  public long traceIdHigh() {
    return idPart(TRACE_ID, 0);
  }

  /** The last eight bytes of the trace id, big-endian; 0 if it is shorter than 16 bytes. */
  public long traceIdLow() {
    return idPart(TRACE_ID, Long.BYTES);
  }

  /** Length in bytes of the span id as sent; 8 if it is valid. */
  public int spanIdLength() {
    return lengthOf(SPAN_ID);
  }

  /** The span id, big-endian; 0 if it is shorter than 8 bytes. */
  public long spanId() {
    return idPart(SPAN_ID, 0);
  }

  /** True if the span names no parent. */
  public boolean isRoot() {
    return lengthOf(PARENT_SPAN_ID) == 0;
  }

  public Text traceState() {
    return text(TRACE_STATE, traceState);
  }

  public Text name() {
    return text(NAME, name);
  }

  /**
   * The number of the span kind: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5
   * consumer.
   */
  public int kind() {
    return (int) varint(KIND);
  }

  /** Nanoseconds since the epoch, unsigned; 0 if unset. */
  public long startTimeUnixNano() {
    return fixed64(START_TIME);
  }

  /** Nanoseconds since the epoch, unsigned; 0 if unset. */
  public long endTimeUnixNano() {
    return fixed64(END_TIME);
  }

  /** End minus start in nanoseconds; 0 if the end lies before the start. */
  public long durationNanos() {
    return Math.max(0, endTimeUnixNano() - startTimeUnixNano());
  }

  /** The number of the status code: 0 unset, 1 ok, 2 error. */
  public int statusCode() {
    int code = 0;
    readMessage(status);
    while (status.next()) {
      if (status.field == STATUS_CODE && status.wireType == FieldReader.VARINT) {
        code = (int) status.varint;
      }
    }
    return code;
  }

  public Text statusMessage() {
    statusMessage.clear();
    readMessage(status);
    while (status.next()) {
      if (status.field == STATUS_MESSAGE && status.wireType == FieldReader.LENGTH) {
        statusMessage.set(status.bytes, status.valueStart, status.valueEnd);
      }
    }
    return statusMessage;
  }

  /** W3C trace flags and the bits that OTLP adds. */
  public int flags() {
    return fixed32(FLAGS);
  }
}
