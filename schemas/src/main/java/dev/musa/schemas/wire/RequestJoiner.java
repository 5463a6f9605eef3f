package dev.musa.schemas.wire;

import java.util.Arrays;
import java.util.List;

/**
 * Makes one request of several of the same signal, in which what they say of equal resources stands
 * under one resource, and likewise for scopes. Requests that were divided by partition repeat their
 * resources over and over, and these are often larger than the items. Items of one scope keep their
 * order, and resources and scopes that of their first occurrence. Nothing is looked at below the
 * scopes, and unknown fields travel with their container: equal means equal in all bytes.
 *
 * <p>Not thread-safe and meant to be reused: what it allocates per call is the array that it
 * returns.
 */
public final class RequestJoiner {
  /** The field of a request that holds its resources. */
  private static final int RESOURCES = 1;

  /** The field of ResourceX that holds its scopes, and of ScopeX that holds items or metrics. */
  private static final int CHILDREN = 2;

  private static final int NONE = -1;
  private static final int PROBES = 4;

  private final FieldReader requestReader = new FieldReader();
  private final FieldReader resourceReader = new FieldReader();
  private final FieldReader scopeReader = new FieldReader();

  /** The requests, by number. */
  private byte[][] sources = new byte[16][];

  private int numberOfSources;

  private final Groups resources = new Groups();
  private final Groups scopes = new Groups();
  private final Runs runs = new Runs();

  /** Fields of requests that are no resources. */
  private final Runs others = new Runs();

  /** Resources by a number made of their headers; a power of two, at most half full. */
  private int[] table = new int[64];

  /**
   * Joins the requests; there is at least one.
   *
   * @throws MalformedOtlpException if one of them is cut off above its items
   */
  public byte[] join(List<byte[]> requests) {
    clear(requests.size());
    for (byte[] request : requests) {
      sources[numberOfSources] = request;
      read(request, numberOfSources++);
    }
    byte[] joined = write();
    Arrays.fill(sources, 0, numberOfSources, null);
    return joined;
  }

  private void clear(int requests) {
    if (sources.length < requests) {
      sources = new byte[requests * 2][];
    }
    numberOfSources = 0;
    resources.clear();
    scopes.clear();
    runs.clear();
    others.clear();
    Arrays.fill(table, NONE);
  }

  private void read(byte[] request, int source) {
    FieldReader reader = requestReader;
    reader.reset(request, 0, request.length);
    while (reader.next()) {
      if (reader.field == RESOURCES && reader.wireType == FieldReader.LENGTH) {
        readResource(source, reader.valueStart, reader.valueEnd);
      } else {
        others.add(source, reader.start, reader.valueEnd);
      }
    }
  }

  private void readResource(int source, int from, int to) {
    FieldReader reader = resourceReader;
    int fresh = resources.add(source, from, to, reader, sources[source]);
    if (!resources.joinable[fresh]) {
      return;
    }
    int resource = find(fresh);
    if (resource != fresh) {
      resources.removeLast();
    }
    reader.reset(sources[source], from, to);
    while (reader.next()) {
      if (isChild(reader)) {
        readScope(resource, source, reader.valueStart, reader.valueEnd);
      }
    }
  }

  private void readScope(int resource, int source, int from, int to) {
    FieldReader reader = scopeReader;
    int fresh = scopes.add(source, from, to, reader, sources[source]);
    int scope = fresh;
    boolean joinable = scopes.joinable[fresh];
    if (joinable) {
      int candidate = resources.first[resource];
      while (candidate != NONE && !scopes.areEqual(candidate, fresh, sources)) {
        candidate = scopes.next[candidate];
      }
      if (candidate != NONE) {
        scopes.removeLast();
        scope = candidate;
      }
    }
    if (scope == fresh) {
      resources.append(resource, scope, scopes.next);
    }
    if (!joinable) {
      return;
    }
    reader.reset(sources[source], from, to);
    while (reader.next()) {
      if (isChild(reader)) {
        addRun(scope, source, reader.start, reader.valueEnd);
      }
    }
  }

  private void addRun(int scope, int source, int from, int to) {
    scopes.body[scope] += to - from;
    int last = scopes.last[scope];
    if (last != NONE && runs.source[last] == source && runs.end[last] == from) {
      runs.end[last] = to;
      return;
    }
    int run = runs.add(source, from, to);
    scopes.append(scope, run, runs.next);
  }

  private static boolean isChild(FieldReader reader) {
    return reader.field == CHILDREN && reader.wireType == FieldReader.LENGTH;
  }

  /** The resource that is equal to the one added last, or that itself. */
  private int find(int fresh) {
    if (resources.size * 2 > table.length) {
      grow();
    }
    int mask = table.length - 1;
    int slot = resources.print[fresh] & mask;
    while (table[slot] != NONE) {
      if (resources.areEqual(table[slot], fresh, sources)) {
        return table[slot];
      }
      slot = (slot + 1) & mask;
    }
    table[slot] = fresh;
    return fresh;
  }

  private void grow() {
    int[] larger = new int[table.length * 4];
    Arrays.fill(larger, NONE);
    for (int resource : table) {
      if (resource != NONE) {
        int slot = resources.print[resource] & (larger.length - 1);
        while (larger[slot] != NONE) {
          slot = (slot + 1) & (larger.length - 1);
        }
        larger[slot] = resource;
      }
    }
    table = larger;
  }

  private byte[] write() {
    int size = others.bytes();
    for (int scope = 0; scope < scopes.size; scope++) {
      scopes.body[scope] += scopes.headerSize(scope);
    }
    for (int resource = 0; resource < resources.size; resource++) {
      int body = resources.headerSize(resource);
      for (int scope = resources.first[resource]; scope != NONE; scope = scopes.next[scope]) {
        body += 1 + WireWriter.varintSize(scopes.body[scope]) + scopes.body[scope];
      }
      resources.body[resource] = body;
      size += 1 + WireWriter.varintSize(body) + body;
    }
    byte[] into = new byte[size];
    int at = 0;
    for (int run = 0; run < others.size; run++) {
      at = others.copy(run, sources, into, at);
    }
    for (int resource = 0; resource < resources.size; resource++) {
      at = open(RESOURCES, resources.body[resource], into, at);
      at = resources.copyPrefix(resource, sources, into, at);
      for (int scope = resources.first[resource]; scope != NONE; scope = scopes.next[scope]) {
        at = open(CHILDREN, scopes.body[scope], into, at);
        at = scopes.copyPrefix(scope, sources, into, at);
        for (int run = scopes.first[scope]; run != NONE; run = runs.next[run]) {
          at = runs.copy(run, sources, into, at);
        }
        at = scopes.copySuffix(scope, sources, into, at);
      }
      at = resources.copySuffix(resource, sources, into, at);
    }
    return into;
  }

  private static int open(int field, int size, byte[] into, int at) {
    into[at] = (byte) (field << 3 | FieldReader.LENGTH);
    return WireWriter.putVarint(into, at + 1, size);
  }

  /** Ranges of bytes. */
  private static final class Runs {
    private int[] source = new int[128];
    private int[] start = new int[128];
    private int[] end = new int[128];
    private int[] next = new int[128];
    private int size;

    void clear() {
      size = 0;
    }

    int add(int of, int from, int to) {
      if (size == source.length) {
        source = Arrays.copyOf(source, size * 2);
        start = Arrays.copyOf(start, size * 2);
        end = Arrays.copyOf(end, size * 2);
        next = Arrays.copyOf(next, size * 2);
      }
      source[size] = of;
      start[size] = from;
      end[size] = to;
      next[size] = NONE;
      return size++;
    }

    int bytes() {
      int bytes = 0;
      for (int run = 0; run < size; run++) {
        bytes += end[run] - start[run];
      }
      return bytes;
    }

    int copy(int run, byte[][] sources, byte[] into, int at) {
      int length = end[run] - start[run];
      System.arraycopy(sources[source[run]], start[run], into, at, length);
      return at + length;
    }
  }

  /**
   * Resources or scopes: what stands before their children and behind them, and the list of these.
   */
  private static final class Groups {
    private int[] source = new int[32];
    private int[] prefixStart = new int[32];
    private int[] prefixEnd = new int[32];
    private int[] suffixStart = new int[32];
    private int[] suffixEnd = new int[32];

    /**
     * Whether all of its own fields stand before its children or behind them; if not, it is copied
     * as it is, and all of it is its prefix.
     */
    private boolean[] joinable = new boolean[32];

    /** Equal ones have an equal one. */
    private int[] print = new int[32];

    private int[] first = new int[32];
    private int[] last = new int[32];
    private int[] next = new int[32];
    private int[] body = new int[32];
    private int size;

    void clear() {
      size = 0;
    }

    void removeLast() {
      size--;
    }

    /** Adds a container, without its children. */
    int add(int of, int from, int to, FieldReader reader, byte[] bytes) {
      if (size == source.length) {
        growArrays();
      }
      int group = size++;
      source[group] = of;
      first[group] = NONE;
      last[group] = NONE;
      next[group] = NONE;
      body[group] = 0;
      split(group, from, to, reader, bytes);
      print[group] = fingerprint(group, bytes);
      return group;
    }

    /** Where the children begin and end, if nothing else stands between them. */
    private void split(int group, int from, int to, FieldReader reader, byte[] bytes) {
      int begin = NONE;
      int end = NONE;
      boolean together = true;
      reader.reset(bytes, from, to);
      while (reader.next()) {
        if (isChild(reader)) {
          together &= end == NONE || end == reader.start;
          begin = begin == NONE ? reader.start : begin;
          end = reader.valueEnd;
        }
      }
      joinable[group] = together;
      prefixStart[group] = from;
      prefixEnd[group] = begin == NONE || !together ? to : begin;
      suffixStart[group] = end == NONE || !together ? to : end;
      suffixEnd[group] = to;
    }

    private int fingerprint(int group, byte[] bytes) {
      int from = prefixStart[group];
      int length = prefixEnd[group] - from;
      long sum = 31L * length + suffixEnd[group] - suffixStart[group];
      if (length >= Long.BYTES) {
        for (int probe = 1; probe <= PROBES; probe++) {
          int at = from + (length - Long.BYTES) * probe / PROBES;
          sum = (sum ^ FieldReader.fixed64(bytes, at)) * 0x9E3779B97F4A7C15L;
        }
      }
      return (int) (sum >>> 32);
    }

    boolean areEqual(int one, int other, byte[][] sources) {
      return joinable[one]
          && print[one] == print[other]
          && Arrays.equals(
              sources[source[one]],
              prefixStart[one],
              prefixEnd[one],
              sources[source[other]],
              prefixStart[other],
              prefixEnd[other])
          && Arrays.equals(
              sources[source[one]],
              suffixStart[one],
              suffixEnd[one],
              sources[source[other]],
              suffixStart[other],
              suffixEnd[other]);
    }

    /** Adds a child at the end of a group's list. */
    void append(int group, int child, int[] nextOfChild) {
      if (first[group] == NONE) {
        first[group] = child;
      } else {
        nextOfChild[last[group]] = child;
      }
      last[group] = child;
    }

    int headerSize(int group) {
      return prefixEnd[group] - prefixStart[group] + suffixEnd[group] - suffixStart[group];
    }

    int copyPrefix(int group, byte[][] sources, byte[] into, int at) {
      int length = prefixEnd[group] - prefixStart[group];
      System.arraycopy(sources[source[group]], prefixStart[group], into, at, length);
      return at + length;
    }

    int copySuffix(int group, byte[][] sources, byte[] into, int at) {
      int length = suffixEnd[group] - suffixStart[group];
      System.arraycopy(sources[source[group]], suffixStart[group], into, at, length);
      return at + length;
    }

    private void growArrays() {
      int capacity = size * 2;
      source = Arrays.copyOf(source, capacity);
      prefixStart = Arrays.copyOf(prefixStart, capacity);
      prefixEnd = Arrays.copyOf(prefixEnd, capacity);
      suffixStart = Arrays.copyOf(suffixStart, capacity);
      suffixEnd = Arrays.copyOf(suffixEnd, capacity);
      joinable = Arrays.copyOf(joinable, capacity);
      print = Arrays.copyOf(print, capacity);
      first = Arrays.copyOf(first, capacity);
      last = Arrays.copyOf(last, capacity);
      next = Arrays.copyOf(next, capacity);
      body = Arrays.copyOf(body, capacity);
    }
  }
}
