package dev.musa.benchmarks.jmh;

import dev.musa.benchmarks.report.Spread;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;

/**
 * What one benchmark has shown.
 *
 * @param benchmark class and method, such as {@code Walker.walk}
 * @param nanosPerItem over all measured iterations of all JVMs
 * @param allocatedBytesPerItem NaN if it could not be measured
 */
public record JmhRow(
    String benchmark,
    Map<String, String> parameters,
    Spread nanosPerItem,
    double allocatedBytesPerItem,
    int iterations) {
  private static final String ALLOCATED = "gc.alloc.rate.norm";
  private static final String LINE = "%-24s %-52s %10s %10s %10s %10s";

  public JmhRow {
    parameters = Map.copyOf(parameters);
  }

  /** Of a benchmark whose operations are items. */
  static JmhRow of(BenchmarkResult result) {
    BenchmarkParams params = result.getParams();
    Map<String, String> parameters = new TreeMap<>();
    params.getParamsKeys().forEach(key -> parameters.put(key, params.getParam(key)));
    List<Double> scores =
        result.getIterationResults().stream()
            .map(iteration -> iteration.getPrimaryResult().getScore())
            .toList();
    Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
    return new JmhRow(
        name(params.getBenchmark()),
        parameters,
        Spread.of(scores),
        allocated == null ? Double.NaN : allocated.getScore(),
        scores.size());
  }

  /** The names of the columns. */
  static String header() {
    return LINE.formatted("benchmark", "params", "ns/item", "min", "max", "B/item");
  }

  String line() {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(parameters)
        .forEach((key, value) ->
            text.append(text.isEmpty() ? "" : " ").append(key).append('=').append(value));
    return LINE.formatted(
        benchmark,
        text,
        number(nanosPerItem.median()),
        number(nanosPerItem.min()),
        number(nanosPerItem.max()),
        Double.isNaN(allocatedBytesPerItem) ? "-" : number(allocatedBytesPerItem));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%,.1f", value);
  }

  private static String name(String benchmark) {
    int method = benchmark.lastIndexOf('.');
    int type = benchmark.lastIndexOf('.', method - 1);
    return benchmark.substring(type + 1).replace("Benchmark.", ".");
  }
}
