package dev.musa.benchmarks.payload;

import dev.musa.schemas.Signal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * One encoded request, and where in it are the ids and times that each sending rewrites. Fields of
 * fixed length are rewritten only, so a copy is as valid as the original.
 */
public final class Template {
  private static final VarHandle BITS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle FIXED64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Signal signal;
  private final byte[] bytes;
  private final Places places;

  Template(Signal signal, byte[] bytes, Places places) {
    this.signal = signal;
    this.bytes = bytes;
    this.places = places;
  }

  /** A request with all its places; throws if it is malformed. */
  public static Template of(Signal signal, byte[] bytes) {
    return new Template(signal, bytes, new PlaceFinder(signal, bytes).find());
  }

  public Signal signal() {
    return signal;
  }

  /** Spans, log records or data points. */
  public int items() {
    return places.items();
  }

  /** Spans with status ERROR. */
  public int errors() {
    return places.errors();
  }

  public int size() {
    return bytes.length;
  }

  /** Writes the request with ids and times of its own into {@code target} and returns its size. */
  public int writeTo(byte[] target, Stamp stamp) {
    System.arraycopy(bytes, 0, target, 0, bytes.length);
    for (int at : places.traceIds()) {
      BITS.set(target, at, (long) BITS.get(bytes, at) ^ stamp.traceHigh());
      BITS.set(target, at + 8, (long) BITS.get(bytes, at + 8) ^ stamp.traceLow());
    }
    for (int at : places.spanIds()) {
      BITS.set(target, at, (long) BITS.get(bytes, at) ^ stamp.span());
    }
    for (int at : places.times()) {
      FIXED64.set(target, at, stamp.timeUnixNano());
    }
    int[] ends = places.ends();
    for (int i = 0; i < ends.length; i++) {
      FIXED64.set(target, ends[i], stamp.timeUnixNano() + places.durations()[i]);
    }
    return bytes.length;
  }
}
