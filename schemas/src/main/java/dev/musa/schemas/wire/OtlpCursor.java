package dev.musa.schemas.wire;

import dev.musa.schemas.Signal;
import org.jspecify.annotations.Nullable;

/**
 * Walks the items of one OTLP request in place: {@code Export{Trace,Logs,Metrics}ServiceRequest} or
 * the wire-identical {@code {Traces,Logs,Metrics}Data}.
 *
 * <p>The three signals have one shape: request, resource, scope and then the item, or for metrics
 * the metric, its data and then the item. So the walk is the same for all, by level and child
 * field.
 *
 * <p>Not thread-safe and meant to be reused: a walk allocates nothing. Its views are valid until
 * the next call of {@link #next()}. Only what is walked is checked; malformed bytes throw {@link
 * MalformedOtlpException}.
 */
public final class OtlpCursor {
  static final int REQUEST = 0;
  static final int RESOURCE = 1;
  static final int SCOPE = 2;
  static final int METRIC = 3;
  static final int DATA = 4;
  static final int LEVELS = 5;

  /** The field of ResourceX and ScopeX that holds the resource and the scope. */
  static final int HEADER_FIELD = 1;

  private static final int POINTS_FIELD = 1;
  private static final int NOT_EXTENDED = -1;

  /** Learns where containers start and which of their fields are not on the way to an item. */
  interface Listener {
    void enter(int level, int start, int end);

    void header(int level, int start, int end);
  }

  private final Signal signal;
  private final @Nullable Listener listener;
  private final int leaf;
  private final FieldReader[] readers = new FieldReader[LEVELS];
  private final int[] childField = {1, 2, 2, 0, POINTS_FIELD};

  /** Payload of the container entered last at each level. */
  private final int[] containerStart = new int[LEVELS];

  private final int[] containerEnd = new int[LEVELS];

  /** Before this a metric's data is of another kind than its last, and does not count. */
  private int liveDataFrom;

  private final FieldReader headerReader = new FieldReader();
  private final FieldReader kindReader = new FieldReader();
  private final ResourceView resource = new ResourceView();
  private final ScopeView scope = new ScopeView();
  private final MetricView metric = new MetricView();
  private final ItemView item;
  private final @Nullable ResourceExtension extension;
  private final AttributeEditor extensionEditor = new AttributeEditor();

  /** The extended resources of the request, one after the other. */
  private final WireWriter extended = new WireWriter();

  private int extendedFrom = NOT_EXTENDED;
  private boolean resourceSet;
  private boolean scopeSet;
  private boolean firstOfResource;
  private boolean firstOfScope;
  private boolean firstOfMetric;
  private byte[] bytes = FieldReader.NOTHING;
  private int level;

  public OtlpCursor(Signal signal) {
    this(signal, null, null);
  }

  /**
   * @param extension asked for each resource that is looked at; its view holds the extended one
   */
  public OtlpCursor(Signal signal, @Nullable ResourceExtension extension) {
    this(signal, extension, null);
  }

  OtlpCursor(Signal signal, @Nullable ResourceExtension extension, @Nullable Listener listener) {
    this.signal = signal;
    this.extension = extension;
    this.listener = listener;
    this.leaf = signal == Signal.METRICS ? DATA : SCOPE;
    this.item =
        switch (signal) {
          case TRACES -> new SpanView();
          case LOGS -> new LogRecordView();
          case METRICS -> new PointView();
        };
    for (int i = 0; i < LEVELS; i++) {
      readers[i] = new FieldReader();
    }
  }

  /** Starts a walk over the whole array. */
  public void reset(byte[] bytes) {
    reset(bytes, 0, bytes.length);
  }

  /** Starts a walk over {@code length} bytes from {@code offset}. */
  public void reset(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    extended.clear();
    level = REQUEST;
    firstOfResource = false;
    firstOfScope = false;
    firstOfMetric = false;
    enter(REQUEST, offset, offset + length);
  }

  /** Moves to the next item; false at the end of the request. */
  public boolean next() {
    if (level == leaf) {
      firstOfResource = false;
      firstOfScope = false;
      firstOfMetric = false;
    }
    while (true) {
      FieldReader reader = readers[level];
      if (!reader.next()) {
        if (level == REQUEST) {
          return false;
        }
        level--;
      } else if (!isChild(reader)) {
        if (level == REQUEST && reader.field == childField[REQUEST]) {
          throw new MalformedOtlpException(
              "field 1 of the request has wire type " + reader.wireType, reader.start);
        }
        if (listener != null && !isDeadData(reader)) {
          listener.header(level, reader.start, reader.valueEnd);
        }
      } else if (level == leaf) {
        item.set(bytes, reader.valueStart, reader.valueEnd);
        return true;
      } else {
        level++;
        enter(level, reader.valueStart, reader.valueEnd);
      }
    }
  }

  public Signal signal() {
    return signal;
  }

  /** The resource of the current item; the empty view if none was sent. */
  public ResourceView resource() {
    if (!resourceSet) {
      setHeader(resource, RESOURCE);
      extend();
      resourceSet = true;
    }
    return resource;
  }

  /** The instrumentation scope of the current item; the empty view if none was sent. */
  public ScopeView scope() {
    if (!scopeSet) {
      setHeader(scope, SCOPE);
      scopeSet = true;
    }
    return scope;
  }

  /** The metric that holds the current data point; only for metrics. */
  public MetricView metric() {
    return metric;
  }

  public ItemView item() {
    return item;
  }

  /** The current item of a walk over traces. */
  public SpanView span() {
    return (SpanView) item;
  }

  /** The current item of a walk over logs. */
  public LogRecordView logRecord() {
    return (LogRecordView) item;
  }

  /** The current item of a walk over metrics. */
  public PointView point() {
    return (PointView) item;
  }

  /** True if no item of the same resource came before. */
  public boolean firstOfResource() {
    return firstOfResource;
  }

  /** True if no item of the same scope came before. */
  public boolean firstOfScope() {
    return firstOfScope;
  }

  /** True if no data point of the same metric came before. */
  public boolean firstOfMetric() {
    return firstOfMetric;
  }

  /** Bytes that the current item takes in its container, tag and length included. */
  public int itemSize() {
    return readers[leaf].valueEnd - readers[leaf].start;
  }

  int itemFieldStart() {
    return readers[leaf].start;
  }

  int itemFieldEnd() {
    return readers[leaf].valueEnd;
  }

  int leafLevel() {
    return leaf;
  }

  byte[] bytes() {
    return bytes;
  }

  int containerStart(int level) {
    return containerStart[level];
  }

  int containerEnd(int level) {
    return containerEnd[level];
  }

  /**
   * The field of a container at this level whose values are containers of the next level, or items.
   */
  int childField(int level) {
    return childField[level];
  }

  /** Where the current resource starts in {@link #extended()}; negative if it stays as it is. */
  int extendedFrom() {
    return extendedFrom;
  }

  /** Holds the current resource at its end, if that is extended. */
  WireWriter extended() {
    return extended;
  }

  private void extend() {
    extendedFrom = NOT_EXTENDED;
    if (extension == null) {
      return;
    }
    extensionEditor.clear();
    extension.extend(resource, extensionEditor);
    if (!extensionEditor.isEmpty()) {
      extendedFrom = extended.size();
      extensionEditor.write(
          resource.bytes(), resource.start(), resource.end(), ResourceView.ATTRIBUTES, extended);
      resource.set(extended.bytes(), extendedFrom, extended.size());
    }
  }

  private boolean isChild(FieldReader reader) {
    return reader.field == childField[level]
        && reader.wireType == FieldReader.LENGTH
        && (level != METRIC || reader.start >= liveDataFrom);
  }

  private boolean isDeadData(FieldReader reader) {
    return level == METRIC
        && reader.wireType == FieldReader.LENGTH
        && MetricView.Kind.ofField(reader.field) != MetricView.Kind.NONE;
  }

  private void enter(int level, int start, int end) {
    readers[level].reset(bytes, start, end);
    containerStart[level] = start;
    containerEnd[level] = end;
    switch (level) {
      case RESOURCE -> {
        resourceSet = false;
        firstOfResource = true;
      }
      case SCOPE -> {
        scopeSet = false;
        firstOfScope = true;
      }
      case METRIC -> enterMetric(start, end);
      default -> {}
    }
    if (listener != null) {
      listener.enter(level, start, end);
    }
  }

  /** The data of a metric is a oneof: only what belongs to its last member counts. */
  private void enterMetric(int start, int end) {
    MetricView.Kind kind = MetricView.Kind.NONE;
    kindReader.reset(bytes, start, end);
    while (kindReader.next()) {
      MetricView.Kind next = MetricView.Kind.ofField(kindReader.field);
      if (next != MetricView.Kind.NONE
          && next != kind
          && kindReader.wireType == FieldReader.LENGTH) {
        kind = next;
        liveDataFrom = kindReader.start;
      }
    }
    childField[METRIC] = kind.dataField;
    metric.set(bytes, start, end);
    metric.setKind(kind);
    point().setKind(kind);
    firstOfMetric = true;
  }

  private void setHeader(MessageView view, int level) {
    int from = 0;
    int to = 0;
    byte[] source = bytes;
    headerReader.reset(bytes, containerStart[level], containerEnd[level]);
    while (headerReader.next()) {
      if (headerReader.field != HEADER_FIELD || headerReader.wireType != FieldReader.LENGTH) {
        continue;
      }
      if (to == from) {
        from = headerReader.valueStart;
        to = headerReader.valueEnd;
      } else {
        source =
            Merge.concat(source, from, to, bytes, headerReader.valueStart, headerReader.valueEnd);
        from = 0;
        to = source.length;
      }
    }
    view.set(source, from, to);
  }
}
