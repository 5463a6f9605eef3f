package dev.musa.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.schemas.Signal;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;

/** Every benchmark runs, whose setup checks what it measures; how fast is nobody's concern here. */
class BenchmarksTest {
  private static final List<Class<?>> BENCHMARKS =
      List.of(
          ConditionBenchmark.class,
          EnrichBenchmark.class,
          HashBenchmark.class,
          JsonBenchmark.class,
          LimiterBenchmark.class,
          LookUpBenchmark.class,
          SplitterBenchmark.class,
          SummaryBenchmark.class,
          WalkerBenchmark.class,
          WriterBenchmark.class);

  @Test
  void everyBenchmark_runs() {
    List<String> lines = new ArrayList<>();

    List<JmhRow> rows = new JmhRun("", true).runOnce(2000, lines::add);

    assertThat(rows)
        .extracting(JmhRow::benchmark)
        .containsAll(BENCHMARKS.stream().flatMap(type -> names(type).stream()).toList());
    assertThat(rows)
        .filteredOn(row -> row.benchmark().equals("Splitter.split"))
        .hasSize(3 * Signal.values().length);
    assertThat(lines).hasSize(1 + rows.size()).first().asString().contains("ns/item", "B/item");
  }

  @Test
  void unknownName_isRefused() {
    assertThatThrownBy(() -> new JmhRun("Walked", true).runOnce(1, _ -> {}))
        .hasMessage("no benchmark matches Walked (expected: a part of a name such as Walker.walk)");
  }

  private static List<String> names(Class<?> type) {
    String name = type.getSimpleName().replace("Benchmark", "");
    return Arrays.stream(type.getMethods())
        .filter(method -> method.isAnnotationPresent(Benchmark.class))
        .map(Method::getName)
        .map(method -> name + "." + method)
        .toList();
  }
}
