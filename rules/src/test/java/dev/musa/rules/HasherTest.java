package dev.musa.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.AnyValueView;
import dev.musa.schemas.wire.OtlpCursor;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HasherTest {
  private Hasher hasher;

  @BeforeEach
  void readKey(@TempDir Path directory) throws IOException {
    hasher = new Hasher(HashKeys.read(directory));
  }

  @Test
  void numberAndTheSameAsText_haveOneHash() {
    assertThat(hash(AnyValue.newBuilder().setIntValue(42).build())).isEqualTo(hash(text("42")));
    assertThat(hash(text("42"))).hasSize(64).isNotEqualTo(hash(text("43")));
  }

  @Test
  void arraysAndLists_differByWhatTheyHold() {
    assertThat(hash(array(text("a")))).isNotEqualTo(hash(array(text("b"))));
    assertThat(hash(list("a", "x"))).isNotEqualTo(hash(list("a", "y")));
    assertThat(hash(list("a", "x"))).isEqualTo(hash(list("a", "x")));
  }

  @Test
  void deepNesting_needsNoStack() {
    byte[] value = text("deep").toByteArray();
    for (int i = 0; i < 20_000; i++) {
      value = field(5, field(1, value));
    }
    byte[] attribute = concat(field(1, "k".getBytes(UTF_8)), field(2, value));

    assertThat(hash(field(1, field(2, field(2, field(6, attribute)))))).hasSize(64);
  }

  private String hash(AnyValue value) {
    return hash(
        LogsData.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .addScopeLogs(
                        ScopeLogs.newBuilder()
                            .addLogRecords(
                                LogRecord.newBuilder()
                                    .addAttributes(
                                        KeyValue.newBuilder().setKey("k").setValue(value)))))
            .build()
            .toByteArray());
  }

  private String hash(byte[] request) {
    OtlpCursor cursor = new OtlpCursor(Signal.LOGS);
    cursor.reset(request);
    assertThat(cursor.next()).isTrue();
    AnyValueView view = new AnyValueView();
    assertThat(cursor.item().attributes().find("k".getBytes(UTF_8), view)).isTrue();
    return new String(hasher.hash(view), UTF_8);
  }

  /** A length-delimited field. */
  private static byte[] field(int number, byte[] payload) {
    byte[] field = new byte[payload.length + 10];
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(field);
      out.writeByteArray(number, payload);
      return Arrays.copyOf(field, out.getTotalBytesWritten());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static AnyValue text(String text) {
    return AnyValue.newBuilder().setStringValue(text).build();
  }

  private static AnyValue array(AnyValue element) {
    return AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(element)).build();
  }

  private static AnyValue list(String key, String value) {
    return AnyValue.newBuilder()
        .setKvlistValue(
            KeyValueList.newBuilder()
                .addValues(KeyValue.newBuilder().setKey(key).setValue(text(value))))
        .build();
  }
}
