package dev.musa.schemas.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DecisionBatchTest {
  private static final TraceOutcome ERRORS = new TraceOutcome(true, "errors", "0123456789ab");
  private static final TraceOutcome NONE = new TraceOutcome(false, "", "0123456789ab");

  @Property(tries = 200)
  void whatIsWrittenIsRead(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    DecisionBatchWriter writer = new DecisionBatchWriter();
    for (int round = 0; round < 2; round++) {
      int size = random.nextInt(400);
      long[] expected = new long[size * 5];
      TraceOutcome[] outcomes = new TraceOutcome[size];
      for (int i = 0; i < size; i++) {
        outcomes[i] = new TraceOutcome(random.nextBoolean(), "p" + random.nextInt(3), "v1");
        for (int j = 0; j < 5; j++) {
          expected[5 * i + j] = random.nextLong() >>> random.nextInt(64);
        }
        expected[5 * i + 2] &= Integer.MAX_VALUE;
        expected[5 * i + 3] &= Long.MAX_VALUE;
        writer.add(
            expected[5 * i],
            expected[5 * i + 1],
            outcomes[i],
            (int) expected[5 * i + 2],
            expected[5 * i + 3],
            expected[5 * i + 4]);
      }
      DecisionBatch batch = DecisionBatch.parse(writer.take(seed, -seed));
      assertThat(batch.decidedAtUnixMilli()).isEqualTo(seed);
      assertThat(batch.readTo()).isEqualTo(-seed);
      assertThat(batch.size()).isEqualTo(size);
      for (int i = 0; i < size; i++) {
        assertThat(batch.traceIdHigh(i)).isEqualTo(expected[5 * i]);
        assertThat(batch.traceIdLow(i)).isEqualTo(expected[5 * i + 1]);
        assertThat(batch.outcome(i)).isEqualTo(outcomes[i]);
        assertThat(batch.spans(i)).isEqualTo((int) expected[5 * i + 2]);
        assertThat(batch.durationMicros(i)).isEqualTo(expected[5 * i + 3] / 1000);
        assertThat(batch.conditions(i)).isEqualTo(expected[5 * i + 4]);
      }
    }
  }

  @Property(tries = 500)
  void otherBytesGiveOneException(@ForAll long seed) {
    Random random = new Random(seed);
    DecisionBatchWriter writer = new DecisionBatchWriter();
    writer.add(1, 2, ERRORS, 3, 4_000_000, 5);
    writer.add(1, 3, NONE, 3, 4_000_000, 5);
    byte[] bytes = writer.take(6, 7);
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
    try {
      DecisionBatch batch = DecisionBatch.parse(cut);
      for (int i = 0; i < batch.size(); i++) {
        assertThat(batch.outcome(i)).isNotNull();
      }
    } catch (MalformedDecisionsException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  @Test
  void columnsOfDifferentLength_areRefused() {
    byte[] oneOutcomeIndexOnly = {5 << 3 | 2, 1, 0};
    assertThatThrownBy(() -> DecisionBatch.parse(oneOutcomeIndexOnly))
        .isInstanceOf(MalformedDecisionsException.class)
        .hasMessageContaining("0 bytes of ids, 1 outcomes")
        .hasMessageContaining("expected");
  }

  @Test
  void aTraceTakesAboutTwentyTwoBytes() {
    DecisionBatchWriter writer = new DecisionBatchWriter();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      writer.add(
          random.nextLong(),
          random.nextLong(),
          i % 8 == 0 ? ERRORS : NONE,
          random.nextInt(100),
          random.nextLong(1_000_000_000),
          random.nextInt(8));
    }
    assertThat(writer.take(1_700_000_000_000L, 123_456).length).isBetween(21_000, 25_000);
  }

  @Test
  void theProtoFileDescribesWhatIsWritten() throws Exception {
    DecisionBatchWriter writer = new DecisionBatchWriter();
    writer.add(1, 2, ERRORS, 3, 4_000_000, 5);
    writer.add(-1, -2, NONE, 6, 7_000_000, -1);
    Descriptor type = protoFile().findMessageTypeByName("DecisionBatch");
    DynamicMessage read = DynamicMessage.parseFrom(type, writer.take(8, 9));
    assertThat(read.getUnknownFields().asMap()).isEmpty();
    assertThat(get(read, "decided_at_unix_milli")).isEqualTo(8L);
    assertThat(get(read, "read_to")).isEqualTo(9L);
    assertThat(get(read, "outcome")).isEqualTo(List.of(0, 1));
    assertThat(get(read, "spans")).isEqualTo(List.of(3, 6));
    assertThat(get(read, "duration_micros")).isEqualTo(List.of(4000L, 7000L));
    assertThat(get(read, "conditions")).isEqualTo(List.of(5L, -1L));
    ByteBuffer ids = ByteBuffer.allocate(32).putLong(1).putLong(2).putLong(-1).putLong(-2).flip();
    assertThat(get(read, "trace_ids")).isEqualTo(ByteString.copyFrom(ids));
    DynamicMessage errors = (DynamicMessage) ((List<?>) get(read, "outcomes")).getFirst();
    assertThat(errors.getUnknownFields().asMap()).isEmpty();
    assertThat(get(errors, "kept")).isEqualTo(true);
    assertThat(get(errors, "policy")).isEqualTo("errors");
    assertThat(get(errors, "rules_version")).isEqualTo("0123456789ab");
    assertThat(DecisionBatch.parse(read.toByteArray()).size()).isEqualTo(2);
  }

  private static Object get(DynamicMessage message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }

  /** Reads as much of the language as the file uses. */
  private static FileDescriptor protoFile() throws Exception {
    String text = Files.readString(Path.of("src/main/proto/musa/decisions.proto"));
    FileDescriptorProto.Builder file =
        FileDescriptorProto.newBuilder().setName("decisions.proto").setSyntax("proto3");
    Matcher messages = Pattern.compile("message (\\w+) \\{(.*?)\\n}", Pattern.DOTALL).matcher(text);
    while (messages.find()) {
      DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(messages.group(1));
      Matcher fields =
          Pattern.compile("(repeated )?(\\w+) (\\w+) = (\\d+);").matcher(messages.group(2));
      while (fields.find()) {
        FieldDescriptorProto.Builder field =
            FieldDescriptorProto.newBuilder()
                .setName(fields.group(3))
                .setNumber(Integer.parseInt(fields.group(4)))
                .setLabel(
                    fields.group(1) == null
                        ? FieldDescriptorProto.Label.LABEL_OPTIONAL
                        : FieldDescriptorProto.Label.LABEL_REPEATED);
        if (Character.isUpperCase(fields.group(2).charAt(0))) {
          field.setTypeName(fields.group(2));
        } else {
          String name = "TYPE_" + fields.group(2).toUpperCase(Locale.ROOT);
          field.setType(FieldDescriptorProto.Type.valueOf(name));
        }
        message.addField(field);
      }
      file.addMessageType(message);
    }
    return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
  }
}
