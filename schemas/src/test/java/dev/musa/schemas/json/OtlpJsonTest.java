package dev.musa.schemas.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import dev.musa.schemas.RandomOtlp;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.MalformedOtlpException;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.ByteArrayOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpJsonTest {
  @Property(tries = 300)
  void writeLine_andBack_isTheSame(@ForAll long seed, @ForAll Signal signal) throws Exception {
    RandomOtlp random = RandomOtlp.any(seed);
    Message message = random.message(signal);
    ByteArrayOutputStream line = new ByteArrayOutputStream();

    OtlpJson.writeLine(signal, message.toByteArray(), line);

    assertThat(line.toString(UTF_8)).endsWith("\n").hasLineCount(1);
    byte[] back = OtlpJson.toProtobuf(signal, line.toByteArray());
    assertThat(RandomOtlp.prototype(signal).getParserForType().parseFrom(back).toString())
        .isEqualTo(message.toString());
  }

  @Test
  void toProtobuf_readsTheExampleOfTheSpecification() throws Exception {
    String json =
        """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name",
          "value":{"stringValue":"my.service"}}]},"scopeSpans":[{"scope":{"name":"my.library"},
          "spans":[{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174",
          "name":"I'm a server span","startTimeUnixNano":"1544712660000000000",
          "endTimeUnixNano":1544712661000000000,"kind":2,"notKnown":{"a":[1,{"b":null}]},
          "parentSpanId":null}]}]}]}
        """;

    Span span =
        TracesData.parseFrom(OtlpJson.toProtobuf(Signal.TRACES, json.getBytes(UTF_8)))
            .getResourceSpans(0)
            .getScopeSpans(0)
            .getSpans(0);

    assertThat(span.getTraceId().size()).isEqualTo(16);
    assertThat(span.getTraceId().byteAt(0)).isEqualTo((byte) 0x5b);
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(span.getStartTimeUnixNano()).isEqualTo(1544712660000000000L);
    assertThat(span.getEndTimeUnixNano()).isEqualTo(1544712661000000000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"resourceSpans\":",
        "{\"resourceSpans\":{}}",
        "{\"resourceSpans\":[{\"schemaUrl\":1}]}",
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"kind\":\"SPAN_KIND_SERVER\"}]}]}]}",
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"xyz\"}]}]}]}",
        "{} {}"
      })
  void toProtobuf_ofWhatIsNoRequest_isRefused(String json) {
    assertThatThrownBy(() -> OtlpJson.toProtobuf(Signal.TRACES, json.getBytes(UTF_8)))
        .isInstanceOf(MalformedOtlpException.class);
  }

  @Test
  void toProtobuf_ofDeepNesting_isRefused() {
    String json =
        "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"value\":"
            + "{\"arrayValue\":{\"values\":[".repeat(400)
            + "]}}".repeat(400)
            + "}]}}]}";
    assertThatThrownBy(() -> OtlpJson.toProtobuf(Signal.TRACES, json.getBytes(UTF_8)))
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessageContaining("nested");
  }
}
