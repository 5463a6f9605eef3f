package dev.musa.rules.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.rules.Condition;
import dev.musa.rules.Otlp;
import dev.musa.rules.yaml.Problems;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.OtlpCursor;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Conditions of one rule set look an attribute up together, and only for the item at hand. */
class SharedAttributeTest {
  private static final List<String> VALUES = List.of("", "a", "b", "longer");

  private final Problems problems = new Problems();
  private final Expressions expressions = new Expressions(Map.of(), problems);
  private final Compiler compiler = new Compiler(expressions, Signal.TRACES, problems);
  private final Random random = new Random(1);

  /** What a span has; an empty text stands for an attribute that is not there. */
  private record Expected(String service, String path) {}

  @Test
  void conditionsOfOneSet_agreeWithWhatEachItemHas() {
    List<Condition> services = conditions("resource[\"service.name\"]");
    List<Condition> paths = conditions("attributes[\"url.path\"]");
    Condition both = condition("resource[\"service.name\"] == attributes[\"url.path\"]");
    OtlpCursor cursor = new OtlpCursor(Signal.TRACES);

    for (int round = 0; round < 200; round++) {
      List<Expected> expected = new ArrayList<>();
      cursor.reset(request(expected).toByteArray());
      for (Expected item : expected) {
        assertThat(cursor.next()).isTrue();
        for (int i = 1; i < VALUES.size(); i++) {
          // Not every condition is asked for every item.
          if (random.nextInt(4) > 0) {
            assertThat(services.get(i).test(cursor)).isEqualTo(item.service.equals(VALUES.get(i)));
            assertThat(paths.get(i).test(cursor)).isEqualTo(item.path.equals(VALUES.get(i)));
          }
        }
        assertThat(both.test(cursor))
            .isEqualTo(!item.path.isEmpty() && item.service.equals(item.path));
      }
    }
  }

  private List<Condition> conditions(String attribute) {
    return VALUES.stream().map(value -> condition(attribute + " == \"" + value + "\"")).toList();
  }

  private Condition condition(String text) {
    return compiler.condition(
        Objects.requireNonNull(
            expressions.condition(Signal.TRACES, Expression.scalar(text, problems))));
  }

  private TracesData request(List<Expected> expected) {
    TracesData.Builder request = TracesData.newBuilder();
    for (int resource = 0; resource < 1 + random.nextInt(3); resource++) {
      String service = VALUES.get(random.nextInt(VALUES.size()));
      ScopeSpans.Builder spans = ScopeSpans.newBuilder();
      for (int span = 0; span < 1 + random.nextInt(3); span++) {
        String path = VALUES.get(random.nextInt(VALUES.size()));
        expected.add(new Expected(service, path));
        spans.addSpans(Span.newBuilder().addAllAttributes(attributes("url.path", path)));
      }
      request.addResourceSpans(
          ResourceSpans.newBuilder()
              .setResource(
                  Resource.newBuilder().addAllAttributes(attributes("service.name", service)))
              .addScopeSpans(spans));
    }
    return request.build();
  }

  private static Iterable<KeyValue> attributes(String key, String value) {
    return Otlp.attributes(value.isEmpty() ? Map.of() : Map.of(key, value));
  }
}
