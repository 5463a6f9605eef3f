package dev.musa.schemas.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.musa.schemas.RandomOtlp;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Holds the extension of resources against the same done on generated classes. */
class ResourceExtensionTest {
  private static final byte[] POD = "k8s.pod.name".getBytes(UTF_8);
  private static final byte[] SERVICE = "service.name".getBytes(UTF_8);

  /** Of every second size, so that some resources stay as they are. */
  private static final ResourceExtension EXTENSION =
      (sent, into) -> {
        if (sent.attributes().size() % 2 == 0) {
          into.remove(SERVICE);
          into.add(EncodedAttribute.text(POD, "cart-1"));
        }
      };

  @Property(tries = 500)
  void splice_extendsTheResourcesAndNothingElse(@ForAll long seed, @ForAll Signal signal)
      throws Exception {
    RandomOtlp random = RandomOtlp.any(seed);
    byte[] bytes = random.encode(random.message(signal));

    byte[] spliced = new ResourceSplicer(EXTENSION).splice(bytes);

    assertThat(Requests.parse(signal, spliced)).isEqualTo(extended(signal, bytes));
  }

  @Property(tries = 500)
  void slicer_andCursor_showTheExtendedResources(@ForAll long seed, @ForAll Signal signal)
      throws Exception {
    RandomOtlp random = RandomOtlp.any(seed);
    byte[] bytes = random.encode(random.message(signal));
    List<List<Message>> expected = Requests.items(extended(signal, bytes));
    Slicer slicer = new Slicer(signal, EXTENSION);

    int[] item = new int[1];
    slicer.slice(
        bytes,
        2,
        at -> {
          Message resource = resourceOf(expected.get(item[0]).get(1));
          assertThat(at.resource().attributes().size())
              .isEqualTo(Requests.attributes(resource).size());
          return item[0]++ % 2;
        });

    for (int destination = 0; destination < 2; destination++) {
      if (!slicer.isEmpty(destination)) {
        List<List<Message>> items =
            Requests.items(Requests.parse(signal, slicer.bytes(destination)));
        for (int i = 0; i < items.size(); i++) {
          List<Message> before = expected.get(i * 2 + destination);
          assertThat(resourceOf(items.get(i).get(1))).isEqualTo(resourceOf(before.get(1)));
          assertThat(items.get(i).getLast()).isEqualTo(before.getLast());
        }
      }
    }
  }

  @Property(tries = 200)
  void editsOfAnExtendedResource_holdForWhatWasAdded(@ForAll long seed, @ForAll Signal signal)
      throws Exception {
    RandomOtlp random = RandomOtlp.any(seed);
    byte[] bytes = random.encode(random.message(signal));
    Slicer slicer = new Slicer(signal, EXTENSION);

    slicer.slice(
        bytes,
        1,
        at -> {
          if (at.resource().attributes().has(POD)) {
            slicer.resource().set(POD, "hashed".getBytes(UTF_8));
          }
          return 0;
        });

    for (List<Message> item : Requests.items(Requests.parse(signal, slicer.bytes(0)))) {
      List<String> pods =
          Requests.attributes(resourceOf(item.get(1))).stream()
              .filter(each -> each.getKey().equals("k8s.pod.name"))
              .map(each -> each.getValue().getStringValue())
              .toList();
      assertThat(pods).doesNotContain("cart-1").hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void splice_withNothingToAdd_givesTheVeryArray() {
    RandomOtlp random = RandomOtlp.any(5);
    byte[] bytes = random.encode(random.message(Signal.LOGS));

    assertThat(new ResourceSplicer((_, _) -> {}).splice(bytes)).isSameAs(bytes);
  }

  @Property(tries = 200)
  void sketch_coversEveryKey(@ForAll long seed) {
    RandomOtlp random = RandomOtlp.any(seed);
    byte[] bytes = random.encode(random.message(Signal.TRACES));
    OtlpCursor cursor = new OtlpCursor(Signal.TRACES);
    cursor.reset(bytes);
    while (cursor.next()) {
      Attributes attributes = cursor.item().attributes();
      for (int i = 0; i < attributes.size(); i++) {
        long bit = Attributes.sketch(attributes.key(i).toByteArray());
        assertThat(attributes.sketch() & bit).isEqualTo(bit);
      }
    }
  }

  @Test
  void anAttributeWithAnArray_isOne() throws Exception {
    EncodedAttribute list = EncodedAttribute.list("digests".getBytes(UTF_8), "sha256:abc");

    KeyValue parsed = KeyValue.parseFrom(list.bytes());

    assertThat(parsed.getKey()).isEqualTo("digests");
    assertThat(parsed.getValue().getArrayValue().getValues(0).getStringValue())
        .isEqualTo("sha256:abc");
  }

  @Property(tries = 200)
  void aCopiedAttribute_hasTheSameValue(@ForAll long seed) throws Exception {
    RandomOtlp random = RandomOtlp.valid(seed);
    byte[] bytes = random.encode(random.message(Signal.TRACES));
    OtlpCursor cursor = new OtlpCursor(Signal.TRACES);
    AnyValueView value = new AnyValueView();
    cursor.reset(bytes);
    for (List<Message> path : Requests.items(Requests.parse(Signal.TRACES, bytes))) {
      assertThat(cursor.next()).isTrue();
      List<KeyValue> sent = Requests.attributes(path.getLast());
      for (int i = 0; i < sent.size(); i++) {
        cursor.item().attributes().value(i, value);
        EncodedAttribute copy = EncodedAttribute.copy("copy".getBytes(UTF_8), value);
        AnyValue known =
            sent.get(i).getValue().toBuilder()
                .setUnknownFields(UnknownFieldSet.getDefaultInstance())
                .build();
        assertThat(KeyValue.parseFrom(copy.bytes()).getValue())
            .isEqualTo(
                value.type() == AnyValueView.Type.EMPTY ? AnyValue.getDefaultInstance() : known);
      }
    }
  }

  private static Message extended(Signal signal, byte[] bytes) throws Exception {
    Message request = Requests.parse(signal, bytes);
    FieldDescriptor containers = request.getDescriptorForType().findFieldByNumber(1);
    Message.Builder builder = request.toBuilder().clearField(containers);
    for (Object each : (List<?>) request.getField(containers)) {
      Message container = (Message) each;
      Message resource = resourceOf(container);
      if (Requests.attributes(resource).size() % 2 == 0) {
        Message without = Requests.withAttribute(resource, "service.name", null);
        FieldDescriptor attributes = without.getDescriptorForType().findFieldByName("attributes");
        Message with =
            without.toBuilder()
                .addRepeatedField(
                    attributes,
                    KeyValue.newBuilder()
                        .setKey("k8s.pod.name")
                        .setValue(AnyValue.newBuilder().setStringValue("cart-1"))
                        .build())
                .build();
        container =
            container.toBuilder()
                .setField(container.getDescriptorForType().findFieldByName("resource"), with)
                .build();
      }
      builder.addRepeatedField(containers, container);
    }
    return builder.build();
  }

  private static Message resourceOf(Message container) {
    return (Message)
        container.getField(container.getDescriptorForType().findFieldByName("resource"));
  }
}
