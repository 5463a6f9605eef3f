package dev.musa.benchmarks.jmh;

import dev.musa.benchmarks.payload.Stamp;
import dev.musa.benchmarks.payload.Template;
import dev.musa.processors.traces.FirstPassDoor;
import dev.musa.rules.RuleSet;
import dev.musa.schemas.Signal;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Pass one of tail sampling per span: walk, look the trace up, test the policies, add to the
 * summary, and for every eighth span a new trace, a decision and its record.
 */
@State(Scope.Thread)
@OperationsPerInvocation(Requests.ITEMS)
public class SummaryBenchmark {
  private static final int SPANS_PER_TRACE = 8;
  private static final int TRACES = Requests.ITEMS / SPANS_PER_TRACE;

  /** How much later each round is, by the time of its records. */
  private static final int ROUND_MILLIS = 20;

  private static final int WAIT_MILLIS = 10_000;
  private static final int WAITING = WAIT_MILLIS / ROUND_MILLIS * TRACES;
  private static final RuleSet RULES =
      Requests.rules(
          """
          traces:
            - name: tail
              sample:
                decide: {after: 10s}
                policies:
                  - {name: errors, keep: {anySpan: status.code == ERROR}}
                  - {name: slow, keep: {longerThan: 500ms}}
                  - {name: rest, keep: {probability: 0.1}}
          """,
          null);

  /**
   * Traces whose decisions are remembered after pass two has passed them; as many as wait, 100 000,
   * come on top, as pass two trails by the decision wait.
   */
  @Param({"300000"})
  public int remembered;

  private List<Template> templates;
  private byte[][] requests;
  private Moving[] records;
  private FirstPassDoor pass;
  private int round;

  @Setup
  public void setUp() {
    templates = Requests.templates(Signal.TRACES);
    requests = Requests.of(Signal.TRACES);
    records = new Moving[requests.length];
    for (int i = 0; i < records.length; i++) {
      records[i] = new Moving(requests[i]);
    }
    int rememberMillis = remembered / TRACES * ROUND_MILLIS;
    pass = new FirstPassDoor(RULES, rememberMillis);
    int rounds = (rememberMillis + 2 * WAIT_MILLIS) / ROUND_MILLIS + 1;
    for (int i = 0; i < rounds; i++) {
      stamp();
      read();
    }
    Requests.check("waiting traces", pass.waitingTraces(), WAITING);
    // They are forgotten by the sixteenth.
    int surplus = pass.rememberedTraces() - remembered - WAITING;
    if (Math.abs(surplus) > remembered / 8 + 2 * TRACES) {
      throw new IllegalStateException("remembered traces: " + pass.rememberedTraces());
    }
  }

  /** Makes new traces of the same requests, outside of what is measured. */
  @Setup(Level.Invocation)
  public void stamp() {
    round++;
    Stamp stamp = Stamp.ofCycle(4, round, 1_750_000_000_000_000_000L);
    for (int i = 0; i < records.length; i++) {
      templates.get(i).writeTo(requests[i], stamp);
      records[i].offset = (long) round * records.length + i;
      records[i].time = 1_750_000_000_000L + (long) round * ROUND_MILLIS;
    }
  }

  @Benchmark
  public int read() {
    for (Moving each : records) {
      pass.read(each);
    }
    pass.passAllDecided();
    return pass.waitingTraces();
  }

  /** Stands for one record after another, so that none has to be made while it is measured. */
  private static final class Moving extends ConsumerRecord<byte[], byte[]> {
    private long offset;
    private long time;

    Moving(byte[] value) {
      super("raw", 0, 0, new byte[0], value);
    }

    @Override
    public long offset() {
      return offset;
    }

    @Override
    public long timestamp() {
      return time;
    }
  }
}
