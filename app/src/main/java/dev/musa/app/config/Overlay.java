package dev.musa.app.config;

import dev.musa.runtime.config.ConfigReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Some keys and their values, to be read over a configuration like a file that has only these. */
final class Overlay {
  private final Map<String, Object> keys = new LinkedHashMap<>();

  /** Nothing if the value is null. */
  Overlay set(@Nullable Object value, String... path) {
    if (value != null) {
      Map<String, Object> at = keys;
      for (int i = 0; i < path.length - 1; i++) {
        at = child(at, path[i]);
      }
      at.put(path[path.length - 1], value);
    }
    return this;
  }

  /**
   * Reads the keys over the configuration.
   *
   * @param name what messages call the place of a mistake
   */
  <T extends Record> T over(String name, T config) {
    return keys.isEmpty() ? config : ConfigReader.read(name, flow(keys), config);
  }

  @SuppressWarnings("unchecked") // only this class puts maps there
  private static Map<String, Object> child(Map<String, Object> at, String key) {
    return (Map<String, Object>) at.computeIfAbsent(key, _ -> new LinkedHashMap<>());
  }

  private static String flow(Map<?, ?> map) {
    StringBuilder yaml = new StringBuilder("{");
    map.forEach((key, value) ->
        yaml.append(yaml.length() > 1 ? ", " : "")
            .append(key)
            .append(": ")
            .append(value instanceof Map<?, ?> inner ? flow(inner) : scalar(value)));
    return yaml.append("}").toString();
  }

  private static String scalar(Object value) {
    if (value instanceof Boolean || value instanceof Integer) {
      return value.toString();
    }
    // Options are literal: no references, no escapes.
    return "'" + value.toString().replace("'", "''").replace("${", "$${") + "'";
  }
}
