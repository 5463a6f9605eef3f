package dev.musa.benchmarks.jmh;

import dev.musa.schemas.Signal;
import dev.musa.schemas.json.OtlpJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the files sink does to a request before it writes it. */
@State(Scope.Thread)
@OperationsPerInvocation(Requests.ITEMS)
public class JsonBenchmark {
  @Param public Signal signal = Signal.TRACES;

  private byte[][] requests;

  @Setup
  public void setUp() throws IOException {
    requests = Requests.of(signal);
    long bytes = 0;
    for (byte[] request : requests) {
      bytes += request.length;
    }
    if (write() < bytes) {
      throw new IllegalStateException("JSON is shorter than protobuf");
    }
  }

  /** The bytes of all lines. */
  @Benchmark
  public long write() throws IOException {
    long bytes = 0;
    for (byte[] request : requests) {
      // A new buffer of the same size as the sink takes.
      ByteArrayOutputStream line = new ByteArrayOutputStream(request.length * 2);
      OtlpJson.writeLine(signal, request, line);
      bytes += line.size();
    }
    return bytes;
  }
}
