package dev.musa.benchmarks.jmh;

import dev.musa.processors.stages.Edits;
import dev.musa.processors.stages.Limits;
import dev.musa.processors.stages.StepRunner;
import dev.musa.processors.stages.UnitOfWork;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.OtlpCursor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A limit per key, over log records: some pods, or thousands of addresses. */
@State(Scope.Thread)
@OperationsPerInvocation(Requests.ITEMS)
public class LimiterBenchmark {
  private static final Edits NONE = (_, _) -> {};

  @Param({"resource[\"k8s.pod.name\"]", "attributes[\"client.address\"]"})
  public String by = "";

  /** Whether there are tokens; if not, all records are dropped. */
  @Param({"true", "false"})
  public boolean tokens;

  private byte[][] requests;
  private OtlpCursor cursor;
  private StepRunner steps;
  private UnitOfWork work;

  @Setup
  public void setUp() {
    requests = Requests.of(Signal.LOGS);
    cursor = new OtlpCursor(Signal.LOGS);
    work = new UnitOfWork(UnitOfWork.CountSink.NONE);
    String rate = tokens ? "items: 100000000, per: 1s" : "items: 1, per: 1h";
    steps =
        new StepRunner(
            Signal.LOGS,
            Requests.rules(
                    "logs:\n  - {name: it, limit: {by: ['%s'], %s}}\n".formatted(by, rate), null)
                .logs()
                .steps(),
            new Limits(new SimpleMeterRegistry(), 100_000));
    limit();
    Requests.check("records kept", limit(), tokens ? Requests.ITEMS : 0);
  }

  /** With the end of a transaction, which settles what was taken. */
  @Benchmark
  public int limit() {
    int kept = 0;
    for (byte[] request : requests) {
      steps.begin("tenant-1", 1_750_000_000_000L, work);
      cursor.reset(request);
      while (cursor.next()) {
        kept += steps.run(cursor, NONE) == StepRunner.KEPT ? 1 : 0;
      }
      steps.end();
    }
    work.committed();
    return kept;
  }
}
