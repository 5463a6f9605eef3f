package dev.musa.benchmarks.jmh;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/**
 * A line for each benchmark when it is done, in place of all that JMH has to say; the last of that
 * is kept for when a benchmark fails.
 */
final class RowOutput implements OutputFormat {
  private static final int LINES = 40;

  private final Consumer<String> lines;
  private final List<JmhRow> rows = new ArrayList<>();
  private final Deque<String> said = new ArrayDeque<>();

  RowOutput(Consumer<String> lines) {
    this.lines = lines;
  }

  List<JmhRow> rows() {
    return rows;
  }

  String said() {
    return String.join("\n", said);
  }

  @Override
  public void startRun() {
    lines.accept(JmhRow.header());
  }

  @Override
  public void startBenchmark(BenchmarkParams benchmark) {
    said.clear();
  }

  // JMH passes null for a benchmark that has failed.
  @Override
  public void endBenchmark(BenchmarkResult result) {
    if (result != null) {
      JmhRow row = JmhRow.of(result);
      rows.add(row);
      lines.accept(row.line());
    }
  }

  @Override
  public void print(String text) {
    println(text);
  }

  @Override
  public void println(String line) {
    if (!line.isBlank()) {
      said.add(line.stripTrailing());
      if (said.size() > LINES) {
        said.remove();
      }
    }
  }

  @Override
  public void iteration(BenchmarkParams benchmark, IterationParams params, int iteration) {}

  @Override
  public void iterationResult(
      BenchmarkParams benchmark, IterationParams params, int iteration, IterationResult result) {}

  @Override
  public void endRun(Collection<RunResult> results) {}

  @Override
  public void flush() {}

  @Override
  public void close() {}

  @Override
  public void verbosePrintln(String line) {}

  @Override
  public void write(int character) {}

  @Override
  public void write(byte[] text) {
    println(new String(text, UTF_8));
  }
}
