package dev.musa.schemas.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.musa.schemas.RandomOtlp;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Holds the walk and its views against the generated classes. */
class OtlpCursorTest {
  @Property(tries = 600)
  void walk_givesTheItemsThatTheGeneratedClassesGive(@ForAll long seed, @ForAll Signal signal)
      throws Exception {
    RandomOtlp random = RandomOtlp.any(seed);
    byte[] bytes = random.encode(random.message(signal));
    List<List<Message>> expected = Requests.items(Requests.parse(signal, bytes));

    OtlpCursor cursor = new OtlpCursor(signal);
    cursor.reset(bytes);
    for (List<Message> path : expected) {
      assertThat(cursor.next()).isTrue();
      Message resource = path.get(1);
      assertResource(cursor, resource);
      assertScope(cursor, path.get(2));
      assertItem(cursor, path);
    }
    assertThat(cursor.next()).isFalse();
  }

  @Property(tries = 100)
  void walk_overConcatenatedRequests_givesTheItemsOfBoth(@ForAll long seed, @ForAll Signal signal) {
    RandomOtlp random = RandomOtlp.any(seed);
    byte[] first = random.encode(random.message(signal));
    byte[] second = random.encode(random.message(signal));
    byte[] both = Merge.concat(first, 0, first.length, second, 0, second.length);

    assertThat(count(signal, both)).isEqualTo(count(signal, first) + count(signal, second));
  }

  @Test
  void walk_ofPartOfAnArray_staysInsideIt() {
    RandomOtlp random = RandomOtlp.valid(7);
    byte[] bytes = random.encode(random.message(Signal.TRACES));
    byte[] padded = Merge.concat(new byte[] {-1, -1}, 0, 2, bytes, 0, bytes.length);
    OtlpCursor cursor = new OtlpCursor(Signal.TRACES);
    cursor.reset(padded, 2, bytes.length);
    int items = 0;
    while (cursor.next()) {
      items++;
    }
    assertThat(items).isEqualTo(count(Signal.TRACES, bytes));
  }

  @Test
  void views_ofTextThatIsNotUtf8_giveItsBytes() {
    byte[] key = {(byte) 0xff, (byte) 0xfe};
    byte[] keyValue = field(1, key);
    byte[] span = Merge.concat(field(9, keyValue), 0, 6, field(5, key), 0, 4);
    byte[] request = field(1, field(2, field(2, span)));
    OtlpCursor cursor = new OtlpCursor(Signal.TRACES);
    cursor.reset(request);

    assertThat(cursor.next()).isTrue();
    assertThat(cursor.span().name().toByteArray()).isEqualTo(key);
    assertThat(cursor.span().attributes().has(key)).isTrue();
  }

  @Test
  void next_onALengthBeyondTheEnd_namesTheOffset() {
    byte[] request = {0x0a, 0x02, 0x12, 0x7f};
    OtlpCursor cursor = new OtlpCursor(Signal.LOGS);
    cursor.reset(request);

    assertThatThrownBy(cursor::next)
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessageContaining("length 127")
        .extracting(e -> ((MalformedOtlpException) e).offset())
        .isEqualTo(2);
  }

  private static byte[] field(int number, byte[] payload) {
    WireWriter writer = new WireWriter();
    writer.field(number, payload);
    return java.util.Arrays.copyOf(writer.bytes(), writer.size());
  }

  private static int count(Signal signal, byte[] bytes) {
    OtlpCursor cursor = new OtlpCursor(signal);
    cursor.reset(bytes);
    int items = 0;
    while (cursor.next()) {
      items++;
    }
    return items;
  }

  private static void assertResource(OtlpCursor cursor, Message container) {
    Resource resource =
        (Resource) container.getField(container.getDescriptorForType().findFieldByName("resource"));
    assertAttributes(cursor.resource().attributes(), resource.getAttributesList());
    byte[] copy = new byte[cursor.resource().size()];
    assertThat(cursor.resource().copyTo(copy, 0)).isEqualTo(copy.length);
  }

  private static void assertScope(OtlpCursor cursor, Message container) {
    InstrumentationScope scope =
        (InstrumentationScope)
            container.getField(container.getDescriptorForType().findFieldByName("scope"));
    assertThat(cursor.scope().name()).hasToString(scope.getName());
    assertThat(cursor.scope().version()).hasToString(scope.getVersion());
    assertAttributes(cursor.scope().attributes(), scope.getAttributesList());
  }

  private static void assertItem(OtlpCursor cursor, List<Message> path) {
    Message item = path.getLast();
    switch (item) {
      case Span span -> assertSpan(cursor.span(), span);
      case LogRecord log -> assertLog(cursor.logRecord(), log);
      default -> {
        Metric metric = (Metric) path.get(3);
        assertThat(cursor.metric().name()).hasToString(metric.getName());
        assertThat(cursor.metric().unit()).hasToString(metric.getUnit());
        assertThat(cursor.metric().description()).hasToString(metric.getDescription());
        assertThat(cursor.metric().kind().name()).isEqualTo(metric.getDataCase().name());
        assertThat(cursor.point().timeUnixNano())
            .isEqualTo(
                item.getField(item.getDescriptorForType().findFieldByName("time_unix_nano")));
        assertThat(cursor.point().startTimeUnixNano())
            .isEqualTo(
                item.getField(item.getDescriptorForType().findFieldByName("start_time_unix_nano")));
      }
    }
    assertAttributes(cursor.item().attributes(), Requests.attributes(item));
  }

  private static void assertSpan(SpanView view, Span span) {
    assertThat(view.traceIdLength()).isEqualTo(span.getTraceId().size());
    if (span.getTraceId().size() >= 16) {
      assertThat(view.traceIdHigh()).isEqualTo(span.getTraceId().asReadOnlyByteBuffer().getLong(0));
      assertThat(view.traceIdLow()).isEqualTo(span.getTraceId().asReadOnlyByteBuffer().getLong(8));
    }
    assertThat(view.spanIdLength()).isEqualTo(span.getSpanId().size());
    assertThat(view.isRoot()).isEqualTo(span.getParentSpanId().isEmpty());
    assertThat(view.name()).hasToString(span.getName());
    assertThat(view.traceState()).hasToString(span.getTraceState());
    assertThat(view.kind()).isEqualTo(span.getKindValue());
    assertThat(view.startTimeUnixNano()).isEqualTo(span.getStartTimeUnixNano());
    assertThat(view.endTimeUnixNano()).isEqualTo(span.getEndTimeUnixNano());
    assertThat(view.statusCode()).isEqualTo(span.getStatus().getCodeValue());
    assertThat(view.statusMessage()).hasToString(span.getStatus().getMessage());
    assertThat(view.flags()).isEqualTo(span.getFlags());
  }

  private static void assertLog(LogRecordView view, LogRecord log) {
    assertThat(view.severityNumber()).isEqualTo(log.getSeverityNumberValue());
    assertThat(view.severityText()).hasToString(log.getSeverityText());
    assertThat(view.eventName()).hasToString(log.getEventName());
    assertThat(view.timeUnixNano()).isEqualTo(log.getTimeUnixNano());
    assertThat(view.observedTimeUnixNano()).isEqualTo(log.getObservedTimeUnixNano());
    assertThat(view.traceIdLength()).isEqualTo(log.getTraceId().size());
    assertThat(view.spanIdLength()).isEqualTo(log.getSpanId().size());
    assertValue(view.body(), log.getBody());
  }

  private static void assertAttributes(Attributes view, List<KeyValue> attributes) {
    assertThat(view.size()).isEqualTo(attributes.size());
    AnyValueView value = new AnyValueView();
    for (int i = 0; i < attributes.size(); i++) {
      assertThat(view.key(i)).hasToString(attributes.get(i).getKey());
      view.value(i, value);
      assertValue(value, attributes.get(i).getValue());
    }
    for (KeyValue attribute : attributes) {
      KeyValue first =
          attributes.stream().filter(a -> a.getKey().equals(attribute.getKey())).findFirst().get();
      assertThat(view.find(attribute.getKey().getBytes(UTF_8), value)).isTrue();
      assertValue(value, first.getValue());
    }
    assertThat(view.find("no such key".getBytes(UTF_8), value)).isFalse();
  }

  private static void assertValue(AnyValueView view, AnyValue value) {
    switch (value.getValueCase()) {
      case STRING_VALUE -> assertThat(view.text()).hasToString(value.getStringValue());
      case BYTES_VALUE ->
          assertThat(ByteString.copyFrom(view.text().toByteArray()))
              .isEqualTo(value.getBytesValue());
      case BOOL_VALUE -> assertThat(view.booleanValue()).isEqualTo(value.getBoolValue());
      case INT_VALUE -> assertThat(view.longValue()).isEqualTo(value.getIntValue());
      case DOUBLE_VALUE ->
          assertThat(view.doubleValue()).isEqualTo(Double.valueOf(value.getDoubleValue()));
      case ARRAY_VALUE -> {
        assertThat(view.size()).isEqualTo(value.getArrayValue().getValuesCount());
        AnyValueView element = new AnyValueView();
        for (int i = 0; i < view.size(); i++) {
          view.element(i, element);
          assertValue(element, value.getArrayValue().getValues(i));
        }
      }
      case KVLIST_VALUE -> {
        assertThat(view.size()).isEqualTo(value.getKvlistValue().getValuesCount());
        AnyValueView entry = new AnyValueView();
        for (KeyValue expected : value.getKvlistValue().getValuesList()) {
          assertThat(view.find(expected.getKey().getBytes(UTF_8), entry)).isTrue();
        }
      }
      case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> {
        assertThat(view.type()).isEqualTo(AnyValueView.Type.EMPTY);
        return;
      }
    }
    assertThat(view.type().name() + "_VALUE").isEqualTo(value.getValueCase().name());
  }
}
