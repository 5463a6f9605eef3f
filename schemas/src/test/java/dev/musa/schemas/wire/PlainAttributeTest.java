package dev.musa.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlainAttributeTest {

  static Stream<KeyValue> usual() {
    return Stream.of(
        attribute("a", text("b")),
        attribute("http.request.method", text("GET")),
        attribute("url.full", text("x".repeat(300))),
        attribute("K" + "k".repeat(126), text("t".repeat(126))),
        attribute("http.response.status_code", AnyValue.newBuilder().setIntValue(200)),
        attribute("least", AnyValue.newBuilder().setIntValue(Long.MIN_VALUE)),
        attribute("error", AnyValue.newBuilder().setBoolValue(true)),
        attribute("system.cpu.utilization", AnyValue.newBuilder().setDoubleValue(0.25)));
  }

  @ParameterizedTest
  @MethodSource("usual")
  void usualAttributes_areRecognised(KeyValue attribute) {
    byte[] bytes = surrounded(attribute.toByteArray());
    assertThat(PlainAttribute.isValid(bytes, 3, bytes.length - 3)).isTrue();
  }

  static Stream<KeyValue> others() {
    return Stream.of(
        KeyValue.getDefaultInstance(),
        attribute("", text("no key")),
        attribute("...", text("no letter")),
        attribute("ключ", text("not ASCII")),
        attribute("key", text("schlüssel")),
        attribute("nothing", AnyValue.newBuilder()),
        attribute("long", text("x".repeat(1 << 14))),
        attribute("l".repeat(128), text("long key")),
        attribute(
            "list",
            AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(text("a")))));
  }

  @ParameterizedTest
  @MethodSource("others")
  void others_areLeftToTheGeneralCheck(KeyValue attribute) {
    byte[] bytes = surrounded(attribute.toByteArray());
    assertThat(PlainAttribute.isValid(bytes, 3, bytes.length - 3)).isFalse();
  }

  /** Whatever bytes it takes for valid, protobuf's own parser takes, in these bounds. */
  @Property(tries = 20_000)
  void whatIsRecognised_isValid(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    KeyValue[] all = usual().toArray(KeyValue[]::new);
    byte[] encoded = all[random.nextInt(all.length)].toByteArray();
    for (int i = random.nextInt(3); i > 0; i--) {
      encoded[random.nextInt(Math.min(encoded.length, 40))] = (byte) random.nextInt(256);
    }
    byte[] bytes = surrounded(encoded);
    int to = bytes.length - 3 + (random.nextInt(4) == 0 ? random.nextInt(6) - 3 : 0);
    if (PlainAttribute.isValid(bytes, 3, to)) {
      KeyValue parsed = KeyValue.parser().parseFrom(ByteString.copyFrom(bytes, 3, to - 3));
      assertThat(parsed.getKey()).containsPattern("^[A-Za-z]");
      assertThat(parsed.getUnknownFields().asMap()).isEmpty();
      assertThat(parsed.getValue().getUnknownFields().asMap()).isEmpty();
      assertThat(parsed.getValue().getValueCase()).isNotEqualTo(AnyValue.ValueCase.VALUE_NOT_SET);
    }
  }

  private static byte[] surrounded(byte[] encoded) {
    byte[] bytes = new byte[encoded.length + 6];
    Arrays.fill(bytes, (byte) 0xff);
    System.arraycopy(encoded, 0, bytes, 3, encoded.length);
    return bytes;
  }

  private static AnyValue.Builder text(String value) {
    return AnyValue.newBuilder().setStringValue(value);
  }

  private static KeyValue attribute(String key, AnyValue.Builder value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }
}
