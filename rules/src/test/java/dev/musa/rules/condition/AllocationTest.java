package dev.musa.rules.condition;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.musa.rules.Condition;
import dev.musa.rules.Otlp;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.OtlpCursor;
import io.opentelemetry.proto.trace.v1.Span;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllocationTest {
  private static final int EVALUATIONS = 20_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attributes[\"url.path\"] in [\"/livez\", \"/readyz\", \"/metrics\"]",
        "status.code == ERROR || duration > duration(\"500ms\")",
        "resource[\"service.name\"] == \"checkout\" && kind == SERVER",
        "attributes[\"status\"] / 100 == 5 || attributes[\"status\"] * 1.5 > 2",
        "name.startsWith(\"GET\") && name.contains(\"orders\") && size(name) > 3",
        "\"b\" in attributes[\"tags\"] && attributes[\"tags\"] != [\"a\"]",
        "attributes[\"absent\"] == \"x\" || attributes[\"status\"] / 0 == 1",
        "!(has(attributes[\"absent\"]) ? attributes[\"a\"] : attributes[\"b\"] > 3)"
      })
  void evaluation_doesNotAllocate(String expression) {
    Condition condition = Expression.compile(Signal.TRACES, expression);
    OtlpCursor span =
        Otlp.span(
            Map.of("service.name", "checkout"),
            Span.newBuilder()
                .setName("GET /orders")
                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .addAllAttributes(
                    Otlp.attributes(
                        Map.of("url.path", "/orders", "status", 503, "tags", List.of("a", "b"))))
                .build());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().threadId();
    evaluate(condition, span);
    long before = threads.getThreadAllocatedBytes(id);

    evaluate(condition, span);

    // The measurement itself may take a few bytes; one object per evaluation would be far more.
    assertThat(threads.getThreadAllocatedBytes(id) - before).isLessThan(EVALUATIONS);
  }

  private static void evaluate(Condition condition, OtlpCursor span) {
    int hits = 0;
    for (int i = 0; i < EVALUATIONS; i++) {
      hits += condition.test(span) ? 1 : 0;
    }
    assertThat(hits).isIn(0, EVALUATIONS);
  }
}
