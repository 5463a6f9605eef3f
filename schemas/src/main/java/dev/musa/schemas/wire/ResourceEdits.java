package dev.musa.schemas.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The changes to the resources of one request. Applied at its end, since a resource may be sent
 * behind its items.
 */
final class ResourceEdits {
  private static final int RESOURCE_FIELD = 1;
  private static final int NOT_EXTENDED = -1;

  private final List<AttributeEditor> editors = new ArrayList<>();
  private final List<Integer> nodes = new ArrayList<>();

  /** Where each starts and ends among the extended ones, if it is one of them. */
  private int[] extendedFrom = new int[8];

  private int[] extendedTo = new int[8];
  private final FieldReader reader = new FieldReader();

  /** The resource that was located last. */
  private byte[] sent = FieldReader.NOTHING;

  private int sentFrom;
  private int sentTo;
  private int used;

  void clear() {
    nodes.clear();
    used = 0;
  }

  boolean isEmpty() {
    return used == 0;
  }

  /** The editor of the resource in this container; resources come one after the other. */
  AttributeEditor of(int node) {
    if (used > 0 && nodes.get(used - 1) == node) {
      return editors.get(used - 1);
    }
    if (used == editors.size()) {
      editors.add(new AttributeEditor());
    }
    if (used == extendedFrom.length) {
      extendedFrom = Arrays.copyOf(extendedFrom, used * 2);
      extendedTo = Arrays.copyOf(extendedTo, used * 2);
    }
    nodes.add(node);
    extendedFrom[used] = NOT_EXTENDED;
    AttributeEditor editor = editors.get(used++);
    editor.clear();
    return editor;
  }

  /** Instead of the resource in this container there is what the writer holds between these. */
  void extended(int node, int from, int to) {
    of(node);
    extendedFrom[used - 1] = from;
    extendedTo[used - 1] = to;
  }

  void apply(byte[] source, WireWriter extended, Containers containers, WireWriter scratch) {
    for (int i = 0; i < used; i++) {
      if (extendedFrom[i] >= 0) {
        locate(nodes.get(i), source, containers);
        write(i, extended.bytes(), extendedFrom[i], extendedTo[i], containers, scratch);
      } else if (!editors.get(i).isEmpty()) {
        locate(nodes.get(i), source, containers);
        write(i, sent, sentFrom, sentTo, containers, scratch);
      }
    }
  }

  /** Finds what was sent as resource, and leaves the rest to the container. */
  private void locate(int node, byte[] source, Containers containers) {
    sent = source;
    sentFrom = 0;
    sentTo = 0;
    containers.clearRanges(node);
    reader.reset(source, containers.start(node), containers.end(node));
    while (reader.next()) {
      if (reader.wireType == FieldReader.LENGTH && reader.field == RESOURCE_FIELD) {
        if (sentFrom == sentTo) {
          sentFrom = reader.valueStart;
          sentTo = reader.valueEnd;
        } else {
          sent = Merge.concat(sent, sentFrom, sentTo, source, reader.valueStart, reader.valueEnd);
          sentFrom = 0;
          sentTo = sent.length;
        }
      } else if (reader.wireType != FieldReader.LENGTH
          || reader.field != containers.childField(node)) {
        containers.addRange(node, reader.start, reader.valueEnd);
      }
    }
  }

  private void write(
      int edit, byte[] resource, int from, int to, Containers containers, WireWriter scratch) {
    int node = nodes.get(edit);
    int begin = scratch.size();
    editors.get(edit).write(resource, from, to, ResourceView.ATTRIBUTES, scratch);
    scratch.prefixLength(RESOURCE_FIELD, begin);
    containers.addRange(node, ~begin, ~scratch.size());
  }
}
