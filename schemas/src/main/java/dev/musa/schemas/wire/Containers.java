package dev.musa.schemas.wire;

import java.util.Arrays;

/**
 * The containers of one request (request, resources, scopes, metrics, data) as a tree in arrays:
 * parent, level and the ranges of the fields that are not on the way to an item. A range is one of
 * the source, or of the scratch buffer if its start is negative ({@code ~start} to {@code ~end}).
 */
final class Containers implements OtlpCursor.Listener {
  static final int NONE = -1;

  private int[] parent = new int[16];
  private int[] level = new int[16];
  private int[] start = new int[16];
  private int[] end = new int[16];
  private int[] childTag = new int[16];
  private int[] firstRange = new int[16];
  private int[] lastRange = new int[16];
  private int[] headerSize = new int[16];
  private int[] items = new int[16];
  private int size;

  private int[] rangeStart = new int[32];
  private int[] rangeEnd = new int[32];
  private int[] nextRange = new int[32];
  private int ranges;

  /** The container that is open at each level. */
  private final int[] open = new int[OtlpCursor.LEVELS];

  void clear() {
    size = 0;
    ranges = 0;
    Arrays.fill(open, NONE);
  }

  @Override
  public void enter(int atLevel, int from, int to) {
    if (atLevel == OtlpCursor.DATA && isOpenInMetric()) {
      // A singular message: its parts are one, or what only one part says would be lost with that
      // part's items.
      return;
    }
    if (size == parent.length) {
      grow();
    }
    int node = size++;
    parent[node] = atLevel == OtlpCursor.REQUEST ? NONE : open[atLevel - 1];
    level[node] = atLevel;
    start[node] = from;
    end[node] = to;
    items[node] = 0;
    clearRanges(node);
    open[atLevel] = node;
  }

  private boolean isOpenInMetric() {
    int data = open[OtlpCursor.DATA];
    return data != NONE && parent[data] == open[OtlpCursor.METRIC];
  }

  @Override
  public void header(int atLevel, int from, int to) {
    addRange(open[atLevel], from, to);
  }

  /**
   * Counts an item of the container that is open at this level, whose child field is known by now.
   */
  int addItem(int leafLevel, int metricDataField) {
    int node = open[leafLevel];
    if (items[node]++ == 0) {
      for (int i = node; i != NONE; i = parent[i]) {
        childTag[i] = level[i] == OtlpCursor.METRIC ? metricDataField : tagOf(level[i]);
      }
    }
    return node;
  }

  /** True if some container holds no item, directly or below. */
  boolean anyEmpty(int leafLevel) {
    // In order of entry, so that what a container holds comes right behind it.
    for (int node = 0; node < size; node++) {
      boolean empty =
          level[node] == leafLevel
              ? items[node] == 0
              : node + 1 == size || level[node + 1] <= level[node];
      if (empty) {
        return true;
      }
    }
    return false;
  }

  int open(int atLevel) {
    return open[atLevel];
  }

  int parent(int node) {
    return parent[node];
  }

  int level(int node) {
    return level[node];
  }

  int start(int node) {
    return start[node];
  }

  int end(int node) {
    return end[node];
  }

  /** The field of this container that holds its children. */
  int childField(int node) {
    return childTag[node];
  }

  int headerSize(int node) {
    return headerSize[node];
  }

  int size() {
    return size;
  }

  void clearRanges(int node) {
    firstRange[node] = NONE;
    lastRange[node] = NONE;
    headerSize[node] = 0;
  }

  void addRange(int node, int from, int to) {
    int last = lastRange[node];
    headerSize[node] += from < 0 ? ~to - ~from : to - from;
    if (last != NONE && rangeEnd[last] == from && from >= 0) {
      rangeEnd[last] = to;
      return;
    }
    if (ranges == rangeStart.length) {
      rangeStart = Arrays.copyOf(rangeStart, ranges * 2);
      rangeEnd = Arrays.copyOf(rangeEnd, ranges * 2);
      nextRange = Arrays.copyOf(nextRange, ranges * 2);
    }
    rangeStart[ranges] = from;
    rangeEnd[ranges] = to;
    nextRange[ranges] = NONE;
    if (last == NONE) {
      firstRange[node] = ranges;
    } else {
      nextRange[last] = ranges;
    }
    lastRange[node] = ranges++;
  }

  /** Copies the header of a container and returns where it ends. */
  int copyHeader(int node, byte[] source, byte[] scratch, byte[] into, int at) {
    int position = at;
    for (int range = firstRange[node]; range != NONE; range = nextRange[range]) {
      position = copyRange(rangeStart[range], rangeEnd[range], source, scratch, into, position);
    }
    return position;
  }

  static int copyRange(int from, int to, byte[] source, byte[] scratch, byte[] into, int at) {
    boolean inScratch = from < 0;
    int begin = inScratch ? ~from : from;
    int length = (inScratch ? ~to : to) - begin;
    System.arraycopy(inScratch ? scratch : source, begin, into, at, length);
    return at + length;
  }

  private static int tagOf(int level) {
    return level == OtlpCursor.RESOURCE || level == OtlpCursor.SCOPE ? 2 : 1;
  }

  private void grow() {
    int capacity = size * 2;
    parent = Arrays.copyOf(parent, capacity);
    level = Arrays.copyOf(level, capacity);
    start = Arrays.copyOf(start, capacity);
    end = Arrays.copyOf(end, capacity);
    childTag = Arrays.copyOf(childTag, capacity);
    firstRange = Arrays.copyOf(firstRange, capacity);
    lastRange = Arrays.copyOf(lastRange, capacity);
    headerSize = Arrays.copyOf(headerSize, capacity);
    items = Arrays.copyOf(items, capacity);
  }
}
