package dev.musa.benchmarks.payload;

import dev.musa.schemas.Signal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Encoded requests that are sent round and round.
 *
 * @param certainShare share of the spans in traces with an error or longer than 500 ms; NaN if
 *     nobody knows
 * @param spansPerTrace which are kept or dropped together; NaN if nobody knows
 */
public record Pool(List<Template> templates, double certainShare, double spansPerTrace) {
  public Pool {
    templates = List.copyOf(templates);
    if (templates.isEmpty()) {
      throw new IllegalArgumentException("templates: none (expected: at least one request)");
    }
  }

  /** Makes the requests of a payload; the same seed makes the same. */
  public static Pool of(Payload payload, Traffic traffic, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TraceRequests traceRequests = new TraceRequests(payload.traces(), new Words(random.split()));
    LogRequests logRequests = new LogRequests(payload.logs(), new Words(random.split()));
    MetricRequests metricRequests =
        new MetricRequests(payload.metrics(), new Words(random.split()));
    int count = payload.requests();
    List<byte[]> traces = traffic.contains(Signal.TRACES) ? traceRequests.make(count) : List.of();
    List<Template> templates =
        switch (traffic) {
          case TRACES -> templates(Signal.TRACES, traces);
          case LOGS -> templates(Signal.LOGS, logRequests.make(count));
          case METRICS -> templates(Signal.METRICS, metricRequests.make(count));
          case MIXED ->
              mixed(payload.mix(), traces, logRequests.make(count), metricRequests.make(count));
        };
    double spans =
        templates.stream()
            .filter(template -> template.signal() == Signal.TRACES)
            .mapToInt(Template::items)
            .sum();
    return new Pool(
        templates,
        spans == 0 ? Double.NaN : traceRequests.spansOfKeptTraces() / spans,
        payload.traces().spansPerTrace());
  }

  public int largest() {
    return templates.stream().mapToInt(Template::size).max().orElseThrow();
  }

  public double meanItems() {
    return templates.stream().mapToInt(Template::items).average().orElseThrow();
  }

  /** Bytes sent per item. */
  public double bytesPerItem() {
    double bytes = templates.stream().mapToLong(Template::size).sum();
    return bytes / templates.stream().mapToLong(Template::items).sum();
  }

  /** All requests with spans, in their order, with the others strewn in between. */
  private static List<Template> mixed(
      Payload.Mix mix, List<byte[]> traces, List<byte[]> logs, List<byte[]> metrics) {
    List<Template> result = new ArrayList<>();
    Cycle logCycle = new Cycle(templates(Signal.LOGS, logs));
    Cycle metricCycle = new Cycle(templates(Signal.METRICS, metrics));
    Iterator<Template> spans = templates(Signal.TRACES, traces).iterator();
    do {
      for (int i = 0; i < mix.traces() && spans.hasNext(); i++) {
        result.add(spans.next());
      }
      logCycle.add(mix.logs(), result);
      metricCycle.add(mix.metrics(), result);
    } while (mix.traces() > 0 && spans.hasNext());
    return result;
  }

  private static List<Template> templates(Signal signal, List<byte[]> requests) {
    return requests.stream().map(bytes -> Template.of(signal, bytes)).toList();
  }

  /** A list that begins again after its end. */
  private static final class Cycle {
    private final List<Template> templates;
    private int next;

    Cycle(List<Template> templates) {
      this.templates = templates;
    }

    void add(int count, List<Template> into) {
      for (int i = 0; i < count; i++) {
        into.add(templates.get(next));
        next = (next + 1) % templates.size();
      }
    }
  }
}
