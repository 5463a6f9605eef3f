package dev.musa.benchmarks.report;

import dev.musa.benchmarks.load.Latency;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one leg has shown.
 *
 * @param leg intake, drain or line
 * @param traffic traces, logs, metrics or mixed
 * @param figures by window, the one that counts first
 * @param call latency of the export calls; null if none were made while it was measured
 * @param delay from the intended time of sending to the arrival at the backend, by signal
 * @param topics what is on Kafka
 * @param counts what was compared, as text
 * @param notes what a reader has to know to understand the figures
 * @param problems wrong counts; none if all is well
 */
public record LegResult(
    String leg,
    String subject,
    String traffic,
    List<Figures> figures,
    @Nullable Latency call,
    Map<String, Latency> delay,
    List<TopicFigures> topics,
    List<String> counts,
    List<String> notes,
    List<String> problems) {

  /** A topic, with its size as the broker tells. */
  public record TopicFigures(String topic, long records, long items, long bytes) {
    public double bytesPerItem() {
      return items == 0 ? 0 : (double) bytes / items;
    }

    public double itemsPerRecord() {
      return records == 0 ? 0 : (double) items / records;
    }
  }

  public LegResult {
    figures = List.copyOf(figures);
    delay = Map.copyOf(delay);
    topics = List.copyOf(topics);
    counts = List.copyOf(counts);
    notes = List.copyOf(notes);
    problems = List.copyOf(problems);
  }

  /** The same with more to know. */
  public LegResult noting(List<String> more) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new LegResult(
        leg, subject, traffic, figures, call, delay, topics, counts, all, problems);
  }

  /** The window with the start of the processes in it, if there are two. */
  public Figures whole() {
    return figures.getLast();
  }

  /** The window that counts. */
  public Figures main() {
    return figures.getFirst();
  }
}
