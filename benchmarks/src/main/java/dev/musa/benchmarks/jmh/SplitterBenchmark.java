package dev.musa.benchmarks.jmh;

import dev.musa.collector.SplitterDoor;
import dev.musa.schemas.Signal;
import java.time.Instant;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What the collector does to a request: check every item and divide the items by partition. */
@State(Scope.Thread)
@OperationsPerInvocation(Requests.ITEMS)
public class SplitterBenchmark {
  private static final Instant NOW = Instant.ofEpochSecond(1_750_000_000);

  @Param public Signal signal = Signal.TRACES;

  @Param({"1", "16", "64"})
  public int partitions;

  private byte[][] requests;
  private SplitterDoor splitter;

  @Setup
  public void setUp() {
    requests = Requests.of(signal);
    splitter = new SplitterDoor(signal);
    int items = 0;
    for (byte[] request : requests) {
      items += SplitterDoor.items(splitter.split(request, partitions, NOW));
    }
    Requests.check("items in the records", items, Requests.ITEMS);
  }

  @Benchmark
  public void split(Blackhole sink) {
    for (byte[] request : requests) {
      sink.consume(splitter.split(request, partitions, NOW));
    }
  }
}
