package dev.musa.schemas.wire;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.musa.schemas.RandomOtlp;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The naive counterpart of cursor and slicer: the same on generated classes. */
final class Requests {
  private Requests() {}

  static Message parse(Signal signal, byte[] bytes) throws InvalidProtocolBufferException {
    return RandomOtlp.prototype(signal).getParserForType().parseFrom(bytes);
  }

  /** The child field of each level from the request to the items. */
  private static @Nullable FieldDescriptor childField(Message message) {
    String name =
        switch (message.getDescriptorForType().getName()) {
          case "TracesData" -> "resource_spans";
          case "ResourceSpans" -> "scope_spans";
          case "ScopeSpans" -> "spans";
          case "LogsData" -> "resource_logs";
          case "ResourceLogs" -> "scope_logs";
          case "ScopeLogs" -> "log_records";
          case "MetricsData" -> "resource_metrics";
          case "ResourceMetrics" -> "scope_metrics";
          case "ScopeMetrics" -> "metrics";
          case "Metric" -> dataField(message);
          case "Gauge", "Sum", "Histogram", "ExponentialHistogram", "Summary" -> "data_points";
          default -> "";
        };
    return message.getDescriptorForType().findFieldByName(name);
  }

  private static String dataField(Message metric) {
    FieldDescriptor set =
        metric.getOneofFieldDescriptor(metric.getDescriptorForType().getOneofs().get(0));
    return set == null ? "" : set.getName();
  }

  private static boolean isItem(Message message) {
    return switch (message.getDescriptorForType().getName()) {
      case "Span",
          "LogRecord",
          "NumberDataPoint",
          "HistogramDataPoint",
          "ExponentialHistogramDataPoint",
          "SummaryDataPoint" ->
          true;
      default -> false;
    };
  }

  /** The items with the containers that they stand in, from the outside to the item itself. */
  static List<List<Message>> items(Message request) {
    List<List<Message>> items = new ArrayList<>();
    collect(request, new ArrayList<>(), items);
    return items;
  }

  private static void collect(Message message, List<Message> path, List<List<Message>> into) {
    path.add(message);
    if (isItem(message)) {
      into.add(List.copyOf(path));
    }
    for (Message child : children(message)) {
      collect(child, path, into);
    }
    path.removeLast();
  }

  private static List<Message> children(Message message) {
    FieldDescriptor field = childField(message);
    if (field == null) {
      return List.of();
    }
    List<Message> children = new ArrayList<>();
    if (field.isRepeated()) {
      for (Object child : (List<?>) message.getField(field)) {
        children.add((Message) child);
      }
    } else {
      children.add((Message) message.getField(field));
    }
    return children;
  }

  /**
   * The request with the items that are kept, changed, without containers that hold none; null if
   * nothing is left.
   */
  static @Nullable Message filter(
      Message message, Predicate<Message> keep, UnaryOperator<Message> change) {
    if (isItem(message)) {
      return keep.test(message) ? change.apply(message) : null;
    }
    FieldDescriptor field = childField(message);
    if (field == null) {
      return null;
    }
    Message.Builder builder = message.toBuilder().clearField(field);
    int kept = 0;
    for (Message child : children(message)) {
      Message filtered = filter(child, keep, change);
      if (filtered != null) {
        kept++;
        if (field.isRepeated()) {
          builder.addRepeatedField(field, filtered);
        } else {
          builder.setField(field, filtered);
        }
      }
    }
    return kept == 0 ? null : builder.build();
  }

  static List<KeyValue> attributes(Message message) {
    List<KeyValue> attributes = new ArrayList<>();
    FieldDescriptor field = message.getDescriptorForType().findFieldByName("attributes");
    for (Object attribute : (List<?>) message.getField(field)) {
      attributes.add((KeyValue) attribute);
    }
    return attributes;
  }

  /** The message with the attribute set, or removed if the value is null. */
  static Message withAttribute(Message message, String key, @Nullable String value) {
    FieldDescriptor field = message.getDescriptorForType().findFieldByName("attributes");
    Message.Builder builder = message.toBuilder().clearField(field);
    boolean done = value == null;
    for (KeyValue attribute : attributes(message)) {
      if (!attribute.getKey().equals(key)) {
        builder.addRepeatedField(field, attribute);
      } else if (!done && value != null) {
        builder.addRepeatedField(field, keyValue(key, value));
        done = true;
      }
    }
    if (!done && value != null) {
      builder.addRepeatedField(field, keyValue(key, value));
    }
    return builder.build();
  }

  private static KeyValue keyValue(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
