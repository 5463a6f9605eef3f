package dev.musa.schemas.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The changes to the resources of one request. Applied at its end, since a resource may be sent
 * behind its items.
 */
final class ResourceEdits {
  private static final int RESOURCE_FIELD = 1;

  private final List<AttributeEditor> editors = new ArrayList<>();
  private final List<Integer> nodes = new ArrayList<>();
  private final FieldReader reader = new FieldReader();
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
    nodes.add(node);
    AttributeEditor editor = editors.get(used++);
    editor.clear();
    return editor;
  }

  void apply(byte[] source, Containers containers, WireWriter scratch) {
    for (int i = 0; i < used; i++) {
      if (!editors.get(i).isEmpty()) {
        apply(nodes.get(i), editors.get(i), source, containers, scratch);
      }
    }
  }

  private void apply(
      int node, AttributeEditor editor, byte[] source, Containers containers, WireWriter scratch) {
    byte @Nullable [] resource = null;
    containers.clearRanges(node);
    reader.reset(source, containers.start(node), containers.end(node));
    while (reader.next()) {
      if (reader.wireType == FieldReader.LENGTH && reader.field == RESOURCE_FIELD) {
        byte[] before = resource == null ? FieldReader.NOTHING : resource;
        resource =
            Merge.concat(before, 0, before.length, source, reader.valueStart, reader.valueEnd);
      } else if (reader.wireType != FieldReader.LENGTH
          || reader.field != containers.childField(node)) {
        containers.addRange(node, reader.start, reader.valueEnd);
      }
    }
    byte[] whole = resource == null ? FieldReader.NOTHING : resource;
    int begin = scratch.size();
    editor.write(whole, 0, whole.length, ResourceView.ATTRIBUTES, scratch);
    scratch.prefixLength(RESOURCE_FIELD, begin);
    containers.addRange(node, ~begin, ~scratch.size());
  }
}
