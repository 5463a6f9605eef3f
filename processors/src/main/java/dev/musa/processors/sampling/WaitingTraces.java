package dev.musa.processors.sampling;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Summaries of the traces that wait for their decision, in the order of their first offsets.
 *
 * <p>The summaries stand densely in a ring of segments (62 bytes each), so that growing copies
 * nothing; an open-addressing index of four bytes per slot, 3/8 to 3/4 full, finds them by id. A
 * trace is named by its number: traces are numbered in the order in which they came.
 */
final class WaitingTraces {
  /** The most traces that can wait: the index holds 24 bits of a number. */
  static final int CAPACITY = 1 << 24;

  private static final int NUMBER_MASK = CAPACITY - 1;
  private static final int SEGMENT_BITS = 10;
  private static final int SEGMENT = 1 << SEGMENT_BITS;
  private static final int SLOT_MASK = SEGMENT - 1;
  private static final int MIN_INDEX = 256;

  private final TraceHash hash;
  private @Nullable Segment[] segments = new Segment[4];
  private @Nullable Segment spare;
  private int[] index = new int[MIN_INDEX];
  private long head;
  private long tail;

  WaitingTraces(TraceHash hash) {
    this.hash = hash;
  }

  int size() {
    return (int) (tail - head);
  }

  boolean isEmpty() {
    return head == tail;
  }

  /** The number of the trace that came first. */
  long head() {
    return head;
  }

  /** The trace's number or -1; {@link TraceHash#of} must have been called for this id. */
  long find(long high, long low) {
    int mask = index.length - 1;
    int tag = tag();
    for (int i = (int) hash.spread & mask; index[i] != 0; i = (i + 1) & mask) {
      if ((index[i] & ~NUMBER_MASK) == tag) {
        long number = number(index[i]);
        Segment segment = segment(number);
        int slot = (int) number & SLOT_MASK;
        if (segment.low[slot] == low && segment.high[slot] == high) {
          return number;
        }
      }
    }
    return -1;
  }

  /** Adds a trace that {@link #find} did not find; {@link TraceHash#of} holds its hash. */
  long add(long high, long low, long offset, long time, char rules) {
    if (size() == CAPACITY) {
      throw new IllegalStateException("waiting traces: " + CAPACITY + " (expected: fewer)");
    }
    long number = tail++;
    Segment segment = segmentForAdding(number);
    int slot = (int) number & SLOT_MASK;
    segment.high[slot] = high;
    segment.low[slot] = low;
    segment.firstOffset[slot] = offset;
    segment.firstTime[slot] = time;
    segment.start[slot] = 0;
    segment.end[slot] = 0;
    segment.conditions[slot] = 0;
    segment.spans[slot] = 0;
    segment.rules[slot] = rules;
    insert(index, (int) hash.spread, tag() | ((int) number & NUMBER_MASK));
    if (size() > index.length / 4 * 3) {
      resizeIndex(index.length * 2);
    }
    return number;
  }

  /** A span of the trace; times of 0 are unset. */
  void addSpan(long number, long start, long end, long conditionsSeen) {
    Segment segment = segment(number);
    int slot = (int) number & SLOT_MASK;
    segment.spans[slot]++;
    segment.conditions[slot] |= conditionsSeen;
    // Minus one sets an unset time last.
    if (start != 0 && Long.compareUnsigned(start - 1, segment.start[slot] - 1) < 0) {
      segment.start[slot] = start;
    }
    if (Long.compareUnsigned(end, segment.end[slot]) > 0) {
      segment.end[slot] = end;
    }
  }

  /** Removes the first trace; {@link TraceHash#of} must have been called for its id. */
  void removeHead() {
    int expected = tag() | ((int) head & NUMBER_MASK);
    int mask = index.length - 1;
    int i = (int) hash.spread & mask;
    while (index[i] != expected) {
      i = (i + 1) & mask;
    }
    closeGap(i);
    head++;
    if ((head & SLOT_MASK) == 0) {
      releaseSegmentBefore(head);
    }
    if (index.length > MIN_INDEX && size() < index.length / 8) {
      resizeIndex(index.length / 2);
    }
  }

  long high(long number) {
    return segment(number).high[(int) number & SLOT_MASK];
  }

  long low(long number) {
    return segment(number).low[(int) number & SLOT_MASK];
  }

  long firstOffset(long number) {
    return segment(number).firstOffset[(int) number & SLOT_MASK];
  }

  long firstTime(long number) {
    return segment(number).firstTime[(int) number & SLOT_MASK];
  }

  long conditions(long number) {
    return segment(number).conditions[(int) number & SLOT_MASK];
  }

  int spans(long number) {
    return segment(number).spans[(int) number & SLOT_MASK];
  }

  char rules(long number) {
    return segment(number).rules[(int) number & SLOT_MASK];
  }

  /** From the first span start to the last span end, 0 if either is unset. */
  long durationNanos(long number) {
    Segment segment = segment(number);
    int slot = (int) number & SLOT_MASK;
    long start = segment.start[slot];
    long end = segment.end[slot];
    if (start == 0 || Long.compareUnsigned(end, start) <= 0) {
      return 0;
    }
    long duration = end - start;
    return duration < 0 ? Long.MAX_VALUE : duration;
  }

  /** The upper eight bits of an index slot, never 0, so that an empty slot is 0. */
  private int tag() {
    return ((int) (hash.fingerprint >>> 57) | 0x80) << 24;
  }

  private long number(int indexed) {
    return head + ((indexed - head) & NUMBER_MASK);
  }

  private Segment segment(long number) {
    return Objects.requireNonNull(
        segments[(int) (number >>> SEGMENT_BITS) & (segments.length - 1)]);
  }

  private Segment segmentForAdding(long number) {
    int live = (int) ((number >>> SEGMENT_BITS) - (head >>> SEGMENT_BITS)) + 1;
    if (live > segments.length) {
      @Nullable Segment[] more = new Segment[segments.length * 2];
      for (long s = head >>> SEGMENT_BITS; s < number >>> SEGMENT_BITS; s++) {
        more[(int) s & (more.length - 1)] = segments[(int) s & (segments.length - 1)];
      }
      segments = more;
    }
    int at = (int) (number >>> SEGMENT_BITS) & (segments.length - 1);
    Segment segment = segments[at];
    if (segment == null) {
      segment = spare == null ? new Segment() : spare;
      spare = null;
      segments[at] = segment;
    }
    return segment;
  }

  /** Keeps one: while as many come as go, none is made. */
  private void releaseSegmentBefore(long number) {
    int at = (int) ((number >>> SEGMENT_BITS) - 1) & (segments.length - 1);
    spare = segments[at];
    segments[at] = null;
  }

  private static void insert(int[] index, int home, int value) {
    int mask = index.length - 1;
    int i = home & mask;
    while (index[i] != 0) {
      i = (i + 1) & mask;
    }
    index[i] = value;
  }

  /** Moves what collided with the removed slot closer to its home: no tombstones. */
  private void closeGap(int removed) {
    int mask = index.length - 1;
    int gap = removed;
    for (int i = (gap + 1) & mask; index[i] != 0; i = (i + 1) & mask) {
      int home = home(index[i]) & mask;
      if (((i - home) & mask) >= ((i - gap) & mask)) {
        index[gap] = index[i];
        gap = i;
      }
    }
    index[gap] = 0;
  }

  private void resizeIndex(int length) {
    int[] resized = new int[length];
    for (long n = head; n < tail; n++) {
      hash.of(high(n), low(n));
      insert(resized, (int) hash.spread, tag() | ((int) n & NUMBER_MASK));
    }
    index = resized;
  }

  private int home(int indexed) {
    long number = number(indexed);
    hash.of(high(number), low(number));
    return (int) hash.spread;
  }

  private static final class Segment {
    final long[] high = new long[SEGMENT];
    final long[] low = new long[SEGMENT];
    final long[] firstOffset = new long[SEGMENT];
    final long[] firstTime = new long[SEGMENT];
    final long[] start = new long[SEGMENT];
    final long[] end = new long[SEGMENT];
    final long[] conditions = new long[SEGMENT];
    final int[] spans = new int[SEGMENT];
    final char[] rules = new char[SEGMENT];
  }
}
