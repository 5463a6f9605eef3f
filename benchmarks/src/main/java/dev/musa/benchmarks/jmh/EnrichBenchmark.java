package dev.musa.benchmarks.jmh;

import dev.musa.benchmarks.payload.BenchPods;
import dev.musa.processors.enrich.EnrichDoor;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What the join with pods costs per span where nothing else is done to it: a look-up for each
 * resource, and the request copied with what its resources lack.
 */
@State(Scope.Thread)
@OperationsPerInvocation(Requests.ITEMS)
public class EnrichBenchmark {
  private static final RecordHeaders HEADERS =
      new RecordHeaders("bench", BenchPods.CLUSTER, 50, 1_750_000_000_000L, null, null);

  /** Pods that are known besides those that send. */
  @Param({"10", "1000", "100000"})
  public int pods;

  private byte[][] requests;
  private EnrichDoor door;

  @Setup
  public void setUp() {
    requests = Requests.of(Signal.TRACES);
    door = new EnrichDoor();
    BenchPods.of(List.of(requests)).forEach(door::put);
    for (int i = 0; i < pods; i++) {
      door.put(BenchPods.other(i));
    }
    int longer = 0;
    for (byte[] request : requests) {
      longer += door.join(HEADERS, request).length > request.length ? 1 : 0;
    }
    Requests.check("requests that are longer", longer, requests.length);
  }

  @Benchmark
  public void join(Blackhole sink) {
    for (byte[] request : requests) {
      sink.consume(door.join(HEADERS, request));
    }
  }

  /** The copy alone, which is a part of it. */
  @Benchmark
  public void copy(Blackhole sink) {
    for (byte[] request : requests) {
      sink.consume(request.clone());
    }
  }
}
