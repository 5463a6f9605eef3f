package dev.musa.runtime.config;

import dev.musa.runtime.config.YamlNode.Empty;
import dev.musa.runtime.config.YamlNode.Entry;
import dev.musa.runtime.config.YamlNode.Mapping;
import dev.musa.runtime.config.YamlNode.Scalar;
import dev.musa.runtime.config.YamlNode.Sequence;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lays a YAML tree over a value that holds the defaults. */
final class RecordBinder {

  private RecordBinder() {}

  /**
   * What the tree says, and the defaults for what it does not say.
   *
   * @param defaults null where there are none: then {@code T.defaults()} if the record has it, else
   *     every component without {@code @Nullable} has to be in the file
   */
  static <T extends Record> T bind(
      Class<T> type, @Nullable T defaults, YamlNode node, Location at, String path) {
    Map<String, Entry> entries =
        switch (node) {
          case Mapping mapping -> mapping.entries();
          case Empty _ -> Map.of();
          case Scalar _, Sequence _ -> throw mismatch(node, path, "a mapping with keys of its own");
        };
    RecordComponent[] components = type.getRecordComponents();
    refuseUnknown(entries, components, path);
    @Nullable T base = defaults != null ? defaults : Records.defaultsOf(type);
    if (base != null && entries.isEmpty()) {
      return base;
    }
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      String key = component.getName();
      @Nullable Entry entry = entries.get(key);
      @Nullable Object standing = base == null ? null : Records.get(base, component);
      if (entry != null) {
        values[i] = component(component, standing, entry, child(path, key));
      } else if (base != null || Records.isNullable(component)) {
        values[i] = standing;
      } else {
        values[i] = absent(component, at, path);
      }
    }
    try {
      return Records.create(type, values);
    } catch (IllegalArgumentException e) {
      throw invalid(e, entries, at, path);
    }
  }

  private static void refuseUnknown(
      Map<String, Entry> entries, RecordComponent[] components, String path) {
    List<String> known = new ArrayList<>();
    for (RecordComponent component : components) {
      known.add(component.getName());
    }
    entries.forEach((key, entry) -> {
      if (!known.contains(key)) {
        throw new ConfigException(
            entry.keyAt(),
            "unknown key '%s'%s (%s)"
                .formatted(key, path.isEmpty() ? "" : " in " + path, Names.hint(key, known)));
      }
    });
  }

  private static @Nullable Object component(
      RecordComponent component, @Nullable Object standing, Entry entry, String path) {
    if (entry.value() instanceof Empty && Records.isNullable(component)) {
      return null;
    }
    return value(component.getGenericType(), standing, entry.value(), entry.keyAt(), path);
  }

  private static Object value(
      Type type, @Nullable Object standing, YamlNode node, Location at, String path) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        return list(arguments[0], node, path);
      }
      if (generic.getRawType() == Map.class) {
        return map(arguments[0], arguments[1], (Map<?, ?>) standing, node, path);
      }
    }
    if (type instanceof Class<?> plain) {
      if (Scalars.isScalar(plain)) {
        return switch (node) {
          case Scalar scalar -> Scalars.convert(plain, scalar, path);
          case Mapping _, Sequence _, Empty _ ->
              throw mismatch(node, path, Scalars.expectation(plain));
        };
      }
      if (plain.isRecord()) {
        return record(plain.asSubclass(Record.class), standing, node, at, path);
      }
    }
    throw new IllegalStateException(
        path + " has the type " + type + ", which cannot be configured");
  }

  private static <T extends Record> T record(
      Class<T> type, @Nullable Object standing, YamlNode node, Location at, String path) {
    return bind(type, standing == null ? null : type.cast(standing), node, at, path);
  }

  /** Replaces the default list: there is no telling which elements belong together. */
  private static List<?> list(Type element, YamlNode node, String path) {
    return switch (node) {
      case Sequence sequence -> {
        List<Object> values = new ArrayList<>();
        for (YamlNode each : sequence.elements()) {
          values.add(value(element, null, each, each.at(), path + "[" + values.size() + "]"));
        }
        yield List.copyOf(values);
      }
      case Scalar _, Mapping _, Empty _ ->
          throw mismatch(node, path, "a list: [] or one line with '- ' for each element");
    };
  }

  /** Lays the entries over the default map, each value over the default of its key. */
  private static Map<?, ?> map(
      Type keyType, Type valueType, @Nullable Map<?, ?> standing, YamlNode node, String path) {
    Map<Object, Object> values = new LinkedHashMap<>();
    if (standing != null) {
      values.putAll(standing);
    }
    switch (node) {
      case Mapping mapping ->
          mapping
              .entries()
              .forEach((name, entry) -> {
                String below = child(path, name);
                Object key = key(keyType, name, entry.keyAt(), path);
                values.put(
                    key, value(valueType, values.get(key), entry.value(), entry.keyAt(), below));
              });
      case Empty _ -> {}
      case Scalar _, Sequence _ -> throw mismatch(node, path, "a mapping");
    }
    return Collections.unmodifiableMap(values);
  }

  private static Object key(Type type, String name, Location at, String path) {
    if (type == String.class) {
      return name;
    }
    if (type instanceof Class<?> plain && plain.isEnum()) {
      return Scalars.convert(plain, new Scalar(at, name, name), "a key in " + path);
    }
    throw new IllegalStateException(path + " has keys of the type " + type);
  }

  /** Lists and maps without a default are empty; everything else has to be said. */
  private static Object absent(RecordComponent component, Location at, String path) {
    if (component.getType() == List.class) {
      return List.of();
    }
    if (component.getType() == Map.class) {
      return Map.of();
    }
    String expected =
        Scalars.isScalar(component.getType())
            ? Scalars.expectation(component.getType())
            : "a mapping";
    throw new ConfigException(
        at, child(path, component.getName()) + " is missing (expected: " + expected + ")");
  }

  /**
   * A record refused its values. Its message begins with the name of a component by custom: then
   * the place is that key's, else the record's.
   */
  private static ConfigException invalid(
      IllegalArgumentException e, Map<String, Entry> entries, Location at, String path) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    int end = 0;
    while (end < message.length() && Character.isJavaIdentifierPart(message.charAt(end))) {
      end++;
    }
    @Nullable Entry guilty = entries.get(message.substring(0, end));
    String prefix = path.isEmpty() ? "" : guilty != null ? path + "." : path + ": ";
    return new ConfigException(guilty == null ? at : guilty.keyAt(), prefix + message, e);
  }

  private static ConfigException mismatch(YamlNode node, String path, String expected) {
    String what = path.isEmpty() ? "the document" : path;
    return new ConfigException(
        node.at(), what + " is " + node.described() + " (expected: " + expected + ")");
  }

  private static String child(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
