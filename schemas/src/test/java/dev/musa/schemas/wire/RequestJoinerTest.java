package dev.musa.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.musa.schemas.RandomOtlp;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RequestJoinerTest {
  private final RequestJoiner joiner = new RequestJoiner();

  /** An item with all that it stands in. */
  private record Placed(Message resource, Message scope, Message item) {}

  @Property(tries = 300)
  void holdsTheSameItems_inTheSameContainers(@ForAll Signal signal, @ForAll long seed)
      throws InvalidProtocolBufferException {
    Random random = new Random(seed);
    RandomOtlp otlp = RandomOtlp.any(seed);
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      messages.add(otlp.message(signal));
    }
    List<byte[]> requests = new ArrayList<>();
    List<Placed> sent = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Message message = messages.get(random.nextInt(messages.size()));
      // The same one may come again in other bytes.
      requests.add(random.nextBoolean() ? otlp.encode(message) : message.toByteArray());
      sent.addAll(placed(parse(signal, requests.getLast())));
    }

    byte[] joined = joiner.join(requests);

    assertThat(placed(parse(signal, joined))).containsExactlyInAnyOrderElementsOf(sent);
    assertThat(joined)
        .hasSizeLessThanOrEqualTo(requests.stream().mapToInt(r -> r.length).sum() + 50);
  }

  private static Message parse(Signal signal, byte[] bytes) throws InvalidProtocolBufferException {
    return RandomOtlp.prototype(signal).getParserForType().parseFrom(bytes);
  }

  private static List<Placed> placed(Message request) {
    List<Placed> all = new ArrayList<>();
    for (Message resource : children(request, 1)) {
      for (Message scope : children(resource, 2)) {
        for (Message item : children(scope, 2)) {
          all.add(new Placed(without(resource), without(scope), item));
        }
      }
    }
    return all;
  }

  private static List<Message> children(Message of, int number) {
    List<Message> children = new ArrayList<>();
    FieldDescriptor field = of.getDescriptorForType().findFieldByNumber(number);
    for (int i = 0; i < of.getRepeatedFieldCount(field); i++) {
      children.add((Message) of.getRepeatedField(field, i));
    }
    return children;
  }

  private static Message without(Message container) {
    return container.toBuilder()
        .clearField(container.getDescriptorForType().findFieldByNumber(2))
        .build();
  }

  @Test
  void equalResourcesAndScopes_becomeOne_withTheirItemsInOrder() throws Exception {
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      requests.add(
          TracesData.newBuilder()
              .addResourceSpans(resource("shop", scope("http", "a" + i), scope("sql", "b" + i)))
              .addResourceSpans(resource("cart", scope("http", "c" + i)))
              .build()
              .toByteArray());
    }

    TracesData joined = TracesData.parseFrom(joiner.join(requests));

    assertThat(joined.getResourceSpansList()).hasSize(2);
    ResourceSpans shop = joined.getResourceSpans(0);
    assertThat(shop.getSchemaUrl()).isEqualTo("https://schema/1");
    assertThat(shop.getScopeSpansList())
        .extracting(scope -> scope.getScope().getName())
        .containsExactly("http", "sql");
    assertThat(shop.getScopeSpans(0).getSpansList())
        .extracting(Span::getName)
        .startsWith("a0", "a1", "a2")
        .hasSize(100);
    assertThat(joined.getResourceSpans(1).getScopeSpans(0).getSpansList()).hasSize(100);
  }

  @Test
  void manyDifferentResources_stayApart() throws Exception {
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      requests.add(
          TracesData.newBuilder()
              .addResourceSpans(resource("service-%03d".formatted(i), scope("http", "x")))
              .build()
              .toByteArray());
    }

    TracesData joined = TracesData.parseFrom(joiner.join(requests));

    assertThat(joined.getResourceSpansList())
        .extracting(r -> r.getResource().getAttributes(0).getValue().getStringValue())
        .doesNotHaveDuplicates()
        .hasSize(500);
  }

  @Test
  void cutOffRequest_isRefused_andTheNextIsNot() {
    assertThatThrownBy(() -> joiner.join(List.of(new byte[] {10, 5, 1})))
        .isInstanceOf(MalformedOtlpException.class);
    assertThat(joiner.join(List.of(new byte[0], new byte[0]))).isEmpty();
  }

  private static ResourceSpans.Builder resource(String service, ScopeSpans.Builder... scopes) {
    ResourceSpans.Builder resource =
        ResourceSpans.newBuilder()
            .setSchemaUrl("https://schema/1")
            .setResource(
                Resource.newBuilder()
                    .addAttributes(
                        KeyValue.newBuilder()
                            .setKey("service.name")
                            .setValue(AnyValue.newBuilder().setStringValue(service))));
    for (ScopeSpans.Builder scope : scopes) {
      resource.addScopeSpans(scope);
    }
    return resource;
  }

  private static ScopeSpans.Builder scope(String name, String span) {
    return ScopeSpans.newBuilder()
        .setScope(InstrumentationScope.newBuilder().setName(name))
        .addSpans(Span.newBuilder().setName(span));
  }
}
