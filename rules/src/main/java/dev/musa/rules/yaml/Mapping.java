package dev.musa.rules.yaml;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/** A YAML map of names to values; a key that is there twice is reported. */
public final class Mapping {
  private final Value self;
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Map<String, Position> keys = new LinkedHashMap<>();

  private Mapping(Value self) {
    this.self = self;
  }

  static Mapping of(Value self, QuotedText text, MappingNode node) {
    Mapping mapping = new Mapping(self);
    for (NodeTuple tuple : node.getValue()) {
      Scalar key = new Value(text, tuple.getKeyNode(), self.problems()).text("a name as key");
      if (key != null) {
        mapping.put(key, new Value(text, tuple.getValueNode(), self.problems()));
      }
    }
    return mapping;
  }

  private void put(Scalar key, Value value) {
    if (values.containsKey(key.text())) {
      self.problems()
          .add(
              key.position(),
              "the key '" + key.text() + "' occurs twice",
              "each key once; it first stands on line " + (keyPosition(key.text()).line() + 1));
      return;
    }
    keys.put(key.text(), key.position());
    values.put(key.text(), value);
  }

  public Position position() {
    return self.position();
  }

  public Problems problems() {
    return self.problems();
  }

  /** Reports every key that is not known, with the nearest one that is; true if all are known. */
  public boolean allow(Collection<String> known) {
    boolean allKnown = true;
    for (Map.Entry<String, Position> key : keys.entrySet()) {
      if (!known.contains(key.getKey())) {
        allKnown = false;
        problems()
            .add(
                key.getValue(),
                "unknown key '" + key.getKey() + "'",
                Nearest.advice(key.getKey(), known));
      }
    }
    return allKnown;
  }

  /** Those of the candidates that are there. */
  public List<String> present(Collection<String> candidates) {
    List<String> present = new ArrayList<>();
    for (String key : keys.keySet()) {
      if (candidates.contains(key)) {
        present.add(key);
      }
    }
    return present;
  }

  public Set<String> keys() {
    return keys.keySet();
  }

  public Position keyPosition(String key) {
    return keys.getOrDefault(key, position());
  }

  public @Nullable Value get(String key) {
    return values.get(key);
  }

  /** The value of the key, or null with a problem added if it is missing. */
  public @Nullable Value require(String key, String expected) {
    Value value = values.get(key);
    if (value == null) {
      problems().add(position(), "'" + key + "' is missing", key + ": " + expected);
    }
    return value;
  }
}
