package dev.musa.schemas.wire;

import com.google.protobuf.UnsafeByteOperations;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Checks the items of a request to their full depth: what is malformed throws {@link
 * MalformedOtlpException}, what is well formed but would poison a backend or a reader is refused
 * with a {@link Refusal}. A fault of a resource, scope or metric is one of each of its items.
 *
 * <p>Time is linear in the bytes, depth is bounded by {@link FieldReader#MAX_DEPTH}. Not
 * thread-safe.
 */
public final class OtlpValidator {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;

  /** Two more levels for the resource and the scope, which hold the item. */
  private static final int ITEM_DEPTH = 5;

  private final MessageRules resourceRules;
  private final MessageRules scopeRules;
  private final MessageRules itemRules;
  private final @Nullable MessageRules metricRules;
  private final boolean keysNeedAscii;
  private final int maxItemBytes;
  private final FieldReader[] readers = new FieldReader[FieldReader.MAX_DEPTH];

  private @Nullable Refusal resourceRefusal;
  private @Nullable Refusal scopeRefusal;
  private @Nullable Refusal metricRefusal;
  private @Nullable Refusal itemRefusal;
  private @Nullable MessageRules pointRules;
  private MessageRules rulesOfItem;
  private final MessageView.Visitor itemVisitor = this::visitItemField;
  private boolean insideValue;

  /**
   * @param maxItemBytes an item that takes more bytes is refused
   */
  public OtlpValidator(Signal signal, int maxItemBytes) {
    this.maxItemBytes = maxItemBytes;
    this.keysNeedAscii = signal != Signal.TRACES;
    this.resourceRules =
        MessageRules.of(
            switch (signal) {
              case TRACES -> ResourceSpans.getDescriptor();
              case LOGS -> ResourceLogs.getDescriptor();
              case METRICS -> ResourceMetrics.getDescriptor();
            });
    this.scopeRules = resourceRules.message(2);
    this.itemRules = scopeRules.message(2);
    this.rulesOfItem = itemRules;
    this.metricRules = signal == Signal.METRICS ? itemRules : null;
    for (int i = 0; i < readers.length; i++) {
      readers[i] = new FieldReader();
    }
  }

  /**
   * Why the item at the cursor is refused; null if it is not. To be called for each item of a walk,
   * in order.
   */
  public @Nullable Refusal check(OtlpCursor at) {
    insideValue = false;
    if (at.firstOfResource()) {
      resourceRefusal = header(at, OtlpCursor.RESOURCE, resourceRules);
    }
    if (at.firstOfScope()) {
      scopeRefusal = header(at, OtlpCursor.SCOPE, scopeRules);
    }
    MessageRules rules = itemRules;
    if (metricRules != null) {
      if (at.firstOfMetric()) {
        metricRefusal = metric(at, metricRules);
      }
      rules = pointRules == null ? itemRules : pointRules;
    }
    ItemView item = at.item();
    itemRefusal = null;
    rulesOfItem = rules;
    // One walk for the check and for whoever looks at the item next.
    item.locate(rules.plain(), itemVisitor);
    if (resourceRefusal != null) {
      return resourceRefusal;
    }
    if (scopeRefusal != null) {
      return scopeRefusal;
    }
    if (metricRefusal != null) {
      return metricRefusal;
    }
    if (itemRefusal != null) {
      return itemRefusal;
    }
    if (at.itemSize() > maxItemBytes) {
      return Refusal.ITEM_SIZE;
    }
    if (item instanceof SpanView span) {
      if (span.traceIdLength() == 0) {
        return Refusal.TRACE_ID;
      }
      if (span.spanIdLength() == 0) {
        return Refusal.SPAN_ID;
      }
    }
    return null;
  }

  private void visitItemField(FieldReader at) {
    Refusal found = field(at.bytes, at, rulesOfItem, ITEM_DEPTH + 1);
    itemRefusal = itemRefusal == null ? found : itemRefusal;
  }

  private @Nullable Refusal metric(OtlpCursor at, MessageRules rules) {
    MessageRules dataRules = rules.message(at.childField(OtlpCursor.METRIC));
    pointRules = dataRules.message(at.childField(OtlpCursor.DATA));
    if (at.metric().name().isEmpty()) {
      return Refusal.METRIC_NAME;
    }
    Refusal refusal = header(at, OtlpCursor.METRIC, rules);
    return refusal == null ? data(at, dataRules) : refusal;
  }

  /** Checks a metric's data, which may come in several parts, without its points. */
  private @Nullable Refusal data(OtlpCursor at, MessageRules rules) {
    Refusal refusal = null;
    long temporality = 0;
    FieldReader metric = readers[OtlpCursor.METRIC];
    FieldReader data = readers[OtlpCursor.DATA];
    metric.reset(
        at.bytes(), at.containerStart(OtlpCursor.METRIC), at.containerEnd(OtlpCursor.METRIC));
    while (metric.next()) {
      if (metric.field != at.childField(OtlpCursor.METRIC)
          || metric.wireType != FieldReader.LENGTH) {
        continue;
      }
      data.reset(at.bytes(), metric.valueStart, metric.valueEnd);
      while (data.next()) {
        if (data.field == at.childField(OtlpCursor.DATA) && data.wireType == FieldReader.LENGTH) {
          continue;
        }
        Refusal found = field(at.bytes(), data, rules, OtlpCursor.DATA + 1);
        refusal = refusal == null ? found : refusal;
        if (rules.knows(data.field)
            && rules.content(data.field) == MessageRules.Content.SPECIFIED) {
          temporality = data.varint;
        }
      }
    }
    return refusal == null && rules.hasTemporality() && temporality == 0
        ? Refusal.TEMPORALITY
        : refusal;
  }

  /** Checks a container without what leads to its items. */
  private @Nullable Refusal header(OtlpCursor at, int level, MessageRules rules) {
    byte[] bytes = at.bytes();
    Refusal refusal = null;
    FieldReader reader = readers[level];
    reader.reset(bytes, at.containerStart(level), at.containerEnd(level));
    while (reader.next()) {
      boolean isChild = reader.field == at.childField(level);
      if (!isChild || reader.wireType != FieldReader.LENGTH) {
        Refusal found = field(bytes, reader, rules, level + 1);
        refusal = refusal == null ? found : refusal;
      }
    }
    return refusal;
  }

  private @Nullable Refusal message(byte[] bytes, int from, int to, MessageRules rules, int depth) {
    if (depth >= FieldReader.MAX_DEPTH) {
      return Refusal.NESTING;
    }
    Refusal refusal = null;
    boolean keyIsMissing = rules.isKeyValue && !insideValue;
    FieldReader reader = readers[depth];
    reader.reset(bytes, from, to);
    while (reader.next()) {
      keyIsMissing &= reader.field != MessageRules.KEY_FIELD;
      Refusal found = field(bytes, reader, rules, depth + 1);
      refusal = refusal == null ? found : refusal;
    }
    return keyIsMissing && refusal == null ? Refusal.ATTRIBUTE_KEY : refusal;
  }

  private @Nullable Refusal field(byte[] bytes, FieldReader reader, MessageRules rules, int depth) {
    int field = reader.field;
    if (!rules.knows(field)) {
      return null;
    }
    if (!rules.accepts(field, reader.wireType)) {
      return Refusal.FIELD_TYPE;
    }
    int from = reader.valueStart;
    int to = reader.valueEnd;
    return switch (rules.content(field)) {
      case ANY, SPECIFIED -> null;
      case TEXT -> isUtf8(bytes, from, to) ? null : Refusal.TEXT_ENCODING;
      case MESSAGE -> nested(bytes, from, to, rules, field, depth);
      case KEY -> key(bytes, from, to);
      case TRACE_ID -> isId(bytes, from, to, 16) ? null : Refusal.TRACE_ID;
      case SPAN_ID -> isId(bytes, from, to, 8) ? null : Refusal.SPAN_ID;
      case PARENT_SPAN_ID -> to == from || to - from == 8 ? null : Refusal.PARENT_SPAN_ID;
      case LINKED_TRACE_ID -> to == from || to - from == 16 ? null : Refusal.LINKED_ID;
      case LINKED_SPAN_ID -> to == from || to - from == 8 ? null : Refusal.LINKED_ID;
    };
  }

  private @Nullable Refusal nested(
      byte[] bytes, int from, int to, MessageRules rules, int field, int depth) {
    MessageRules inner = rules.message(field);
    // A value of its own would need two more levels.
    if (inner.isKeyValue
        && depth < FieldReader.MAX_DEPTH - 2
        && PlainAttribute.isValid(bytes, from, to)) {
      return null;
    }
    boolean before = insideValue;
    insideValue |= rules.isKeyValue;
    Refusal refusal = message(bytes, from, to, inner, depth);
    insideValue = before;
    return refusal;
  }

  private @Nullable Refusal key(byte[] bytes, int from, int to) {
    if (!isUtf8(bytes, from, to)) {
      return Refusal.TEXT_ENCODING;
    }
    if (insideValue) {
      // Becomes part of a longer name, or of JSON.
      return null;
    }
    if (from == to || (keysNeedAscii && !hasLetterOrDigit(bytes, from, to))) {
      return Refusal.ATTRIBUTE_KEY;
    }
    return null;
  }

  private static boolean hasLetterOrDigit(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      int c = bytes[i] | 0x20;
      if ((c >= 'a' && c <= 'z') || (bytes[i] >= '0' && bytes[i] <= '9')) {
        return true;
      }
    }
    return false;
  }

  private static boolean isId(byte[] bytes, int from, int to, int length) {
    if (to - from != length) {
      return false;
    }
    long any = 0;
    for (int at = from; at < to; at += Long.BYTES) {
      any |= (long) LONG.get(bytes, at);
    }
    return any != 0;
  }

  static boolean isUtf8(byte[] bytes, int from, int to) {
    return isAscii(bytes, from, to)
        || UnsafeByteOperations.unsafeWrap(bytes, from, to - from).isValidUtf8();
  }

  static boolean isAscii(byte[] bytes, int from, int to) {
    if (to - from < Long.BYTES) {
      return isShortAscii(bytes, from, to);
    }
    long high = (long) LONG.get(bytes, to - Long.BYTES);
    for (int at = from; at < to - Long.BYTES; at += Long.BYTES) {
      high |= (long) LONG.get(bytes, at);
    }
    return (high & HIGH_BITS) == 0;
  }

  private static boolean isShortAscii(byte[] bytes, int from, int to) {
    if (from == to) {
      return true;
    }
    if (to >= Long.BYTES) {
      // In one look, with what lies before it shifted out.
      long rest = (long) LONG.get(bytes, to - Long.BYTES);
      return (rest & HIGH_BITS & (-1L << ((Long.BYTES - (to - from)) * Byte.SIZE))) == 0;
    }
    for (int at = from; at < to; at++) {
      if (bytes[at] < 0) {
        return false;
      }
    }
    return true;
  }
}
