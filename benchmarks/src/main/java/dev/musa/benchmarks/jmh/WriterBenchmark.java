package dev.musa.benchmarks.jmh;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.OtlpCursor;
import dev.musa.schemas.wire.Slicer;
import dev.musa.sinks.flow.ConcatenationDoor;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What is written anew: allocated are the arrays that leave, which is what an item takes. */
@State(Scope.Thread)
@OperationsPerInvocation(Requests.ITEMS)
public class WriterBenchmark {
  private static final byte[] KEY = "app.customer.id".getBytes(UTF_8);
  private static final byte[] VALUE = "0123456789abcdef".getBytes(UTF_8);
  private static final int DROP_EVERY = 3;

  @Param public Signal signal = Signal.TRACES;

  private byte[][] requests;
  private ConcatenationDoor records;
  private Slicer slicer;
  private int number;

  @Setup
  public void setUp() {
    requests = Requests.of(signal);
    records = new ConcatenationDoor(List.of(requests));
    slicer = new Slicer(signal);
    int bytes = 0;
    for (byte[] request : requests) {
      bytes += request.length;
    }
    Requests.check("bytes in one request", concatenate().length, bytes);
    Requests.check("all are whole", areWhole() ? 1 : 0, 1);
    checkEdit(requests[0]);
  }

  /** As a sink does: one request of many records. */
  @Benchmark
  public byte[] concatenate() {
    return records.request();
  }

  /** The check before. */
  @Benchmark
  public boolean areWhole() {
    return records.areWhole();
  }

  /** Every item gets an attribute. */
  @Benchmark
  public void editAttribute(Blackhole sink) {
    for (byte[] request : requests) {
      sink.consume(edited(request));
    }
  }

  /** Every third item is left out. */
  @Benchmark
  public void dropSome(Blackhole sink) {
    number = 0;
    for (byte[] request : requests) {
      slicer.slice(request, 1, this::droppingSome);
      sink.consume(slicer.bytes(0));
    }
  }

  /** What costs nothing but the walk: the request itself comes back. */
  @Benchmark
  public void keepAll(Blackhole sink) {
    for (byte[] request : requests) {
      slicer.slice(request, 1, _ -> 0);
      sink.consume(slicer.bytes(0));
    }
  }

  private byte[] edited(byte[] request) {
    slicer.slice(request, 1, this::editing);
    return slicer.bytes(0);
  }

  private int editing(OtlpCursor at) {
    slicer.item().set(KEY, VALUE);
    return 0;
  }

  private int droppingSome(OtlpCursor at) {
    return number++ % DROP_EVERY == 0 ? Slicer.DROP : 0;
  }

  private void checkEdit(byte[] request) {
    OtlpCursor cursor = new OtlpCursor(signal);
    cursor.reset(edited(request));
    while (cursor.next()) {
      Requests.check("items with the attribute", cursor.item().attributes().has(KEY) ? 1 : 0, 1);
    }
    slicer.slice(request, 1, this::droppingSome);
    int all = number;
    Requests.check("items kept", slicer.items(0), all - (all + DROP_EVERY - 1) / DROP_EVERY);
  }
}
