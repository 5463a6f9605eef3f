package dev.musa.benchmarks.jmh;

import dev.musa.processors.stages.Edits;
import dev.musa.processors.stages.Limits;
import dev.musa.processors.stages.StepRunner;
import dev.musa.processors.stages.UnitOfWork;
import dev.musa.rules.HashKey;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.OtlpCursor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** The step that replaces an attribute's value by its HMAC-SHA-256. */
@State(Scope.Thread)
@OperationsPerInvocation(Requests.SPOTS)
public class HashBenchmark {
  private OtlpCursor[] spots;
  private StepRunner steps;
  private UnitOfWork work;
  private int hashed;

  @Setup
  public void setUp(Blackhole sink) throws IOException {
    spots = Requests.spots(Signal.LOGS);
    work = new UnitOfWork(UnitOfWork.CountSink.NONE);
    steps =
        new StepRunner(
            Signal.LOGS,
            Requests.rules(
                    "logs:\n  - {name: it, hash: ['attributes[\"client.address\"]']}\n", key())
                .logs()
                .steps(),
            new Limits(new SimpleMeterRegistry(), 1));
    hash(sink);
    Requests.check("hashed values", hashed, Requests.SPOTS);
  }

  @Benchmark
  public void hash(Blackhole sink) {
    Edits edits =
        (_, digits) -> {
          hashed++;
          sink.consume(digits);
        };
    steps.begin("tenant-1", 1_750_000_000_000L, work);
    for (OtlpCursor spot : spots) {
      steps.run(spot, edits);
    }
    steps.end();
  }

  private static HashKey key() throws IOException {
    Path file = Files.createTempFile("musa-bench-", ".key");
    try {
      Files.writeString(file, "0123456789abcdef0123456789abcdef");
      return HashKey.read(file);
    } finally {
      Files.delete(file);
    }
  }
}
