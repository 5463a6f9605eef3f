package dev.musa.benchmarks.payload;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.musa.schemas.Signal;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Finds the places of a request by walking it once; works for any request, also a recorded one. */
final class PlaceFinder {
  private static final int STATUS_ERROR = 2;
  private static final int ID = 8;

  private final Signal signal;
  private final CodedInputStream in;
  private final IntStream.Builder traceIds = IntStream.builder();
  private final IntStream.Builder spanIds = IntStream.builder();
  private final IntStream.Builder times = IntStream.builder();
  private final IntStream.Builder ends = IntStream.builder();
  private final LongStream.Builder durations = LongStream.builder();
  private int items;
  private int errors;

  PlaceFinder(Signal signal, byte[] bytes) {
    this.signal = signal;
    this.in = CodedInputStream.newInstance(bytes);
  }

  Places find() {
    try {
      walk(0);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "not a request with " + signal.label() + ": " + e.getMessage(), e);
    }
    return new Places(
        items,
        errors,
        traceIds.build().toArray(),
        spanIds.build().toArray(),
        times.build().toArray(),
        ends.build().toArray(),
        durations.build().toArray());
  }

  /** Request, resource, scope, and for metrics the metric and its data; below them the items. */
  private void walk(int level) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (!isChild(level, tag)) {
        in.skipField(tag);
        continue;
      }
      int outer = in.pushLimit(in.readRawVarint32());
      if (level == (signal == Signal.METRICS ? 4 : 2)) {
        items++;
        item();
      } else {
        walk(level + 1);
      }
      in.popLimit(outer);
    }
  }

  private static boolean isChild(int level, int tag) {
    int field = WireFormat.getTagFieldNumber(tag);
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED
        && switch (level) {
          case 0, 4 -> field == 1;
          case 1, 2 -> field == 2;
          // Gauge, Sum, Histogram, ExponentialHistogram, Summary.
          default -> field == 5 || field == 7 || (field >= 9 && field <= 11);
        };
  }

  private void item() throws IOException {
    switch (signal) {
      case TRACES -> span();
      case LOGS -> logRecord();
      case METRICS -> point();
    }
  }

  private void span() throws IOException {
    long start = 0;
    long end = 0;
    int endAt = -1;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> id(traceIds, 2 * ID);
        case 2, 4 -> id(spanIds, ID);
        case 7 -> {
          times.add(in.getTotalBytesRead());
          start = in.readFixed64();
        }
        case 8 -> {
          endAt = in.getTotalBytesRead();
          end = in.readFixed64();
        }
        case 11 -> nested(tagOf(1, WireFormat.WIRETYPE_FIXED64));
        case 13 -> nested(0);
        case 15 -> status();
        default -> in.skipField(tag);
      }
    }
    if (endAt >= 0) {
      ends.add(endAt);
      durations.add(end - start);
    }
  }

  /** An event with its time, or a link with its ids. */
  private void nested(int timeTag) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == timeTag) {
        time();
      } else if (timeTag == 0 && WireFormat.getTagFieldNumber(tag) == 1) {
        id(traceIds, 2 * ID);
      } else if (timeTag == 0 && WireFormat.getTagFieldNumber(tag) == 2) {
        id(spanIds, ID);
      } else {
        in.skipField(tag);
      }
    }
    in.popLimit(outer);
  }

  private void status() throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 3) {
        errors += in.readEnum() == STATUS_ERROR ? 1 : 0;
      } else {
        in.skipField(tag);
      }
    }
    in.popLimit(outer);
  }

  private void logRecord() throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1, 11 -> time();
        case 9 -> id(traceIds, 2 * ID);
        case 10 -> id(spanIds, ID);
        default -> in.skipField(tag);
      }
    }
  }

  private void point() throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == tagOf(3, WireFormat.WIRETYPE_FIXED64)) {
        time();
      } else {
        in.skipField(tag);
      }
    }
  }

  private void time() throws IOException {
    times.add(in.getTotalBytesRead());
    in.readFixed64();
  }

  /** Ids of a wrong length stay as they are. */
  private void id(IntStream.Builder into, int length) throws IOException {
    int actual = in.readRawVarint32();
    if (actual == length) {
      into.add(in.getTotalBytesRead());
    }
    in.skipRawBytes(actual);
  }

  private static int tagOf(int field, int wireType) {
    return field << 3 | wireType;
  }
}
