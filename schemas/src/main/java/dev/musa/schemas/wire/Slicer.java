package dev.musa.schemas.wire;

import dev.musa.schemas.Signal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Divides the items of one request among new requests: by partition, by rule, by verdict, by size.
 * Each new request holds its items in their order, inside copies of the containers that they stood
 * in; a container without items is left out. Unknown fields travel with their container. Items and
 * resources can be changed on the way.
 *
 * <p>Not thread-safe and meant to be reused: what it allocates per request are the arrays that it
 * returns.
 */
public final class Slicer {
  /** The destination of an item that goes nowhere. */
  public static final int DROP = -1;

  /** Decides where an item goes. */
  @FunctionalInterface
  public interface Route {
    /**
     * The destination, from 0, of the item at the cursor, or {@link #DROP}. Called once per item,
     * in order.
     */
    int destination(OtlpCursor at);
  }

  /** Takes the requests that an oversized destination was divided into. */
  @FunctionalInterface
  public interface ChunkSink {
    void accept(byte[] bytes, int items);
  }

  private static final int END = -1;

  private final Containers containers = new Containers();
  private final OtlpCursor cursor;
  private final boolean extendsResources;
  private final AttributeEditor itemEditor = new AttributeEditor();
  private final ResourceEdits resourceEdits = new ResourceEdits();
  private final WireWriter scratch = new WireWriter();
  private final Assembler assembler = new Assembler();

  private byte[] source = FieldReader.NOTHING;
  private int destinations;
  private int items;
  private boolean edited;

  /** Per item. */
  private int[] node = new int[128];

  private int[] itemStart = new int[128];
  private int[] itemEnd = new int[128];
  private int[] next = new int[128];

  /** Per destination: a list of its items. */
  private int[] first = new int[8];

  private int[] last = new int[8];
  private int[] count = new int[8];

  public Slicer(Signal signal) {
    this(signal, null);
  }

  /**
   * @param extension of every resource, asked before the first of its items; what it changes, the
   *     cursor shows and every new request holds
   */
  public Slicer(Signal signal, @Nullable ResourceExtension extension) {
    this.extendsResources = extension != null;
    this.cursor = new OtlpCursor(signal, extension, containers);
  }

  /**
   * Walks the request and asks for the destination of each item; destinations are 0 to {@code
   * destinations - 1}.
   */
  public void slice(byte[] bytes, int destinations, Route route) {
    start(bytes, destinations);
    while (cursor.next()) {
      itemEditor.clear();
      if (extendsResources && cursor.firstOfResource()) {
        extendResource();
      }
      int container = containers.addItem(cursor.leafLevel(), cursor.childField(OtlpCursor.METRIC));
      int destination = route.destination(cursor);
      if (destination == DROP) {
        edited = true;
      } else {
        add(container, destination);
      }
    }
    if (!resourceEdits.isEmpty()) {
      resourceEdits.apply(source, cursor.extended(), containers, scratch);
      edited = true;
    }
    edited |= containers.anyEmpty(cursor.leafLevel());
  }

  /**
   * The editor of the current item; only while a {@link Route} is being asked, and without effect
   * if the item is dropped.
   */
  public AttributeEditor item() {
    return itemEditor;
  }

  /**
   * The editor of the current resource, for all its items; only while a {@link Route} is being
   * asked.
   */
  public AttributeEditor resource() {
    return resourceEdits.of(containers.open(OtlpCursor.RESOURCE));
  }

  /**
   * Adds encoded fields at the end of the current item; only while a {@link Route} is being asked.
   */
  public void appendToItem(byte[] encodedFields) {
    itemEditor.append(encodedFields);
  }

  /** Number of items that go to a destination. */
  public int items(int destination) {
    return count[destination];
  }

  public boolean isEmpty(int destination) {
    return count[destination] == 0;
  }

  /**
   * The request for a destination: the array that was sliced itself if nothing is changed, else a
   * new one of exact size.
   */
  public byte[] bytes(int destination) {
    if (!edited && count[destination] == items) {
      return source;
    }
    return assembler.assemble(first[destination], END);
  }

  /**
   * The request for a destination in as few parts as fit into {@code maxBytes} each; a part holds
   * at least one item.
   */
  public void write(int destination, int maxBytes, ChunkSink sink) {
    if (isEmpty(destination)) {
      return;
    }
    byte[] whole = bytes(destination);
    if (whole.length <= maxBytes) {
      sink.accept(whole, count[destination]);
      return;
    }
    int from = first[destination];
    while (from != END) {
      int to = assembler.fit(from, maxBytes);
      sink.accept(assembler.assemble(from, to), assembler.itemsIn(from, to));
      from = to;
    }
  }

  private void extendResource() {
    cursor.resource();
    if (cursor.extendedFrom() >= 0) {
      resourceEdits.extended(
          containers.open(OtlpCursor.RESOURCE), cursor.extendedFrom(), cursor.extended().size());
    }
  }

  private void start(byte[] bytes, int destinations) {
    source = bytes;
    this.destinations = destinations;
    items = 0;
    edited = false;
    scratch.clear();
    containers.clear();
    resourceEdits.clear();
    if (first.length < destinations) {
      first = new int[destinations];
      last = new int[destinations];
      count = new int[destinations];
    }
    Arrays.fill(first, 0, destinations, END);
    Arrays.fill(count, 0, destinations, 0);
    cursor.reset(bytes);
  }

  private void add(int container, int destination) {
    if (destination < 0 || destination >= destinations) {
      throw new IllegalArgumentException(
          "destination: " + destination + " (expected: 0 to " + (destinations - 1) + " or DROP)");
    }
    if (items == node.length) {
      node = Arrays.copyOf(node, items * 2);
      itemStart = Arrays.copyOf(itemStart, items * 2);
      itemEnd = Arrays.copyOf(itemEnd, items * 2);
      next = Arrays.copyOf(next, items * 2);
    }
    int item = items++;
    node[item] = container;
    next[item] = END;
    if (itemEditor.isEmpty()) {
      itemStart[item] = cursor.itemFieldStart();
      itemEnd[item] = cursor.itemFieldEnd();
    } else {
      rewriteItem(item, container);
    }
    if (first[destination] == END) {
      first[destination] = item;
    } else {
      next[last[destination]] = item;
    }
    last[destination] = item;
    count[destination]++;
  }

  private void rewriteItem(int item, int container) {
    edited = true;
    ItemView view = cursor.item();
    int begin = scratch.size();
    itemEditor.write(source, view.start(), view.end(), view.attributesField(), scratch);
    scratch.prefixLength(containers.childField(container), begin);
    itemStart[item] = ~begin;
    itemEnd[item] = ~scratch.size();
  }

  /** Writes the containers around a run of items of one destination. */
  private final class Assembler {
    /** Sizes of the containers' contents for the run that is being assembled. */
    private int[] body = new int[16];

    private int[] stamp = new int[16];
    private int run;
    private final int[] path = new int[OtlpCursor.LEVELS];
    private int[] touched = new int[16];

    /**
     * The request with the items from {@code from} to before {@code to} of one destination's list.
     */
    byte[] assemble(int from, int to) {
      if (from == to) {
        return FieldReader.NOTHING;
      }
      byte[] into = new byte[measure(from, to)];
      int at = 0;
      int current = Containers.NONE;
      for (int item = from; item != to; item = next[item]) {
        if (node[item] != current) {
          at = openContainers(current, node[item], into, at);
          current = node[item];
        }
        at =
            Containers.copyRange(itemStart[item], itemEnd[item], source, scratch.bytes(), into, at);
      }
      return into;
    }

    int itemsIn(int from, int to) {
      int number = 0;
      for (int item = from; item != to; item = next[item]) {
        number++;
      }
      return number;
    }

    /** The item before which a part has to end to stay within {@code maxBytes}. */
    int fit(int from, int maxBytes) {
      int to = next[from];
      long size = sizeOf(from) + containerCost(from, Containers.NONE);
      while (to != END) {
        size += sizeOf(to);
        if (node[to] != node[from]) {
          size += containerCost(to, node[from]);
        }
        if (size > maxBytes) {
          break;
        }
        from = to;
        to = next[to];
      }
      return to;
    }

    /** At most what opening the containers of an item costs that another item has not opened. */
    private long containerCost(int item, int openNode) {
      long cost = 0;
      for (int i = node[item];
          i != Containers.NONE && !isAncestor(i, openNode);
          i = containers.parent(i)) {
        cost += containers.headerSize(i) + 10;
      }
      return cost;
    }

    private boolean isAncestor(int candidate, int node) {
      int i = node;
      while (i != Containers.NONE && i != candidate) {
        i = containers.parent(i);
      }
      return i == candidate;
    }

    private int sizeOf(int item) {
      return itemStart[item] < 0
          ? ~itemEnd[item] - ~itemStart[item]
          : itemEnd[item] - itemStart[item];
    }

    private int measure(int from, int to) {
      run++;
      if (body.length < containers.size()) {
        body = Arrays.copyOf(body, containers.size() * 2);
        stamp = Arrays.copyOf(stamp, body.length);
        touched = Arrays.copyOf(touched, body.length);
      }
      int nodes = 0;
      for (int item = from; item != to; item = next[item]) {
        nodes = touch(node[item], nodes);
        body[node[item]] += sizeOf(item);
      }
      // Parents were touched before their children.
      for (int i = nodes - 1; i > 0; i--) {
        int child = touched[i];
        int parent = containers.parent(child);
        body[parent] +=
            WireWriter.varintSize((long) containers.childField(parent) << 3)
                + WireWriter.varintSize(body[child])
                + body[child];
      }
      return body[touched[0]];
    }

    private int touch(int leaf, int nodes) {
      int depth = 0;
      for (int i = leaf; i != Containers.NONE && stamp[i] != run; i = containers.parent(i)) {
        path[depth++] = i;
      }
      int total = nodes;
      while (depth > 0) {
        int fresh = path[--depth];
        stamp[fresh] = run;
        body[fresh] = containers.headerSize(fresh);
        touched[total++] = fresh;
      }
      return total;
    }

    private int openContainers(int current, int wanted, byte[] into, int at) {
      int depth = 0;
      for (int i = wanted;
          i != Containers.NONE && !isAncestor(i, current);
          i = containers.parent(i)) {
        path[depth++] = i;
      }
      int position = at;
      while (depth > 0) {
        int fresh = path[--depth];
        int parent = containers.parent(fresh);
        if (parent != Containers.NONE) {
          position =
              WireWriter.putVarint(
                  into, position, (long) containers.childField(parent) << 3 | FieldReader.LENGTH);
          position = WireWriter.putVarint(into, position, body[fresh]);
        }
        position = containers.copyHeader(fresh, source, scratch.bytes(), into, position);
      }
      return position;
    }
  }
}
