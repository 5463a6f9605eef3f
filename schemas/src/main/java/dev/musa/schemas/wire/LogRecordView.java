package dev.musa.schemas.wire;

/** A view of one {@code opentelemetry.proto.logs.v1.LogRecord}. */
public final class LogRecordView extends ItemView {
  private static final int TIME = 1;
  private static final int SEVERITY_NUMBER = 2;
  private static final int SEVERITY_TEXT = 3;
  private static final int BODY = 5;
  private static final int ATTRIBUTES = 6;
  private static final int FLAGS = 8;
  private static final int TRACE_ID = 9;
  private static final int SPAN_ID = 10;
  static final int OBSERVED_TIME = 11;
  private static final int EVENT_NAME = 12;

  private static final Layout LAYOUT =
      new Layout(EVENT_NAME, BODY)
          .with(FieldReader.LENGTH, SEVERITY_TEXT, BODY, TRACE_ID, SPAN_ID, EVENT_NAME)
          .with(FieldReader.VARINT, SEVERITY_NUMBER)
          .with(FieldReader.FIXED64, TIME, OBSERVED_TIME)
          .with(FieldReader.FIXED32, FLAGS);

  private final Text severityText = new Text();
  private final Text eventName = new Text();
  private final AnyValueView body = new AnyValueView();

  LogRecordView() {
    super(LAYOUT);
  }

  @Override
  int attributesField() {
    return ATTRIBUTES;
  }

  /** Nanoseconds since the epoch, unsigned; 0 if unset. */
  public long timeUnixNano() {
    return fixed64(TIME);
  }

  /** Nanoseconds since the epoch, unsigned; 0 if unset. */
  public long observedTimeUnixNano() {
    return fixed64(OBSERVED_TIME);
  }

  /** 1 (TRACE) to 24 (FATAL4); 0 if unspecified. */
  public int severityNumber() {
    return (int) varint(SEVERITY_NUMBER);
  }

  public Text severityText() {
    return text(SEVERITY_TEXT, severityText);
  }

  public Text eventName() {
    return text(EVENT_NAME, eventName);
  }

  /** The body; the view is the same at each call. */
  public AnyValueView body() {
    readAnyValue(body);
    return body;
  }

  /** Length in bytes of the trace id as sent; 0 if the record belongs to no trace. */
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

  public int spanIdLength() {
    return lengthOf(SPAN_ID);
  }
}
