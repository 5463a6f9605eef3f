package dev.musa.benchmarks.jmh;

import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.OtlpCursor;
import dev.musa.schemas.wire.OtlpValidator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From item to item, without and with the check of the collector. */
@State(Scope.Thread)
@OperationsPerInvocation(Requests.ITEMS)
public class WalkerBenchmark {
  @Param public Signal signal = Signal.TRACES;

  private byte[][] requests;
  private OtlpCursor cursor;
  private OtlpValidator validator;

  @Setup
  public void setUp() {
    requests = Requests.of(signal);
    cursor = new OtlpCursor(signal);
    validator = new OtlpValidator(signal, 1 << 20);
    long bytes = 0;
    for (byte[] request : requests) {
      bytes += request.length;
    }
    long walked = walk();
    if (walked < bytes / 2 || walked > bytes) {
      throw new IllegalStateException("walked " + walked + " of " + bytes + " bytes");
    }
    Requests.check("valid items", validate(), Requests.ITEMS);
  }

  /** The bytes of all items. */
  @Benchmark
  public long walk() {
    long bytes = 0;
    for (byte[] request : requests) {
      cursor.reset(request);
      while (cursor.next()) {
        bytes += cursor.itemSize();
      }
    }
    return bytes;
  }

  /** How many items are valid: all. */
  @Benchmark
  public int validate() {
    int valid = 0;
    for (byte[] request : requests) {
      cursor.reset(request);
      while (cursor.next()) {
        if (validator.check(cursor) == null) {
          valid++;
        }
      }
    }
    return valid;
  }
}
