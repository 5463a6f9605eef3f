package dev.musa.runtime.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reads a YAML file into a tree of records.
 *
 * <p>Keys are the names of record components. What the file does not name keeps its default.
 * Records and maps merge key by key, lists replace; a record without a default, such as an element
 * of a list, begins with its own static {@code defaults()} if it has that, else needs all its keys
 * but the nullable ones. {@code key:} without a value is null for a {@code @Nullable} component,
 * and says nothing about a record or map. Values may hold {@code ${file:PATH}}, {@code ${env:NAME}}
 * and, for a literal <code>${</code>, <code>$${</code>.
 *
 * <p>Every mistake is a {@link ConfigException} with file, line and column: an unknown or repeated
 * key, a value of the wrong type, a missing reference, and what the compact constructors of the
 * records refuse with an {@link IllegalArgumentException} (whose message begins with the name of
 * the component, so that the place can be that key's).
 */
public final class ConfigReader {

  private ConfigReader() {}

  /**
   * Reads a file over the defaults.
   *
   * @throws ConfigException if the file cannot be read or has a mistake
   */
  public static <T extends Record> T read(Path yaml, T defaults) {
    return read(yaml.toString(), content(yaml), defaults);
  }

  /**
   * Reads a text over the defaults.
   *
   * @param name what messages call the text
   * @throws ConfigException if the text has a mistake
   */
  public static <T extends Record> T read(String name, String yamlText, T defaults) {
    return read(name, yamlText, defaults, System.getenv());
  }

  static <T extends Record> T read(
      String name, String yamlText, T defaults, Map<String, String> environment) {
    YamlNode root = YamlTree.parse(name, yamlText, new References(environment));
    return RecordBinder.bind(typeOf(defaults), defaults, root, new Location(name, 1, 1), "");
  }

  @SuppressWarnings("unchecked") // a record class is final: the object's class is T
  private static <T extends Record> Class<T> typeOf(T record) {
    return (Class<T>) record.getClass();
  }

  private static String content(Path yaml) {
    try {
      return Files.readString(yaml);
    } catch (NoSuchFileException e) {
      throw new ConfigException(yaml + ": no such file (expected: a YAML file)", e);
    } catch (CharacterCodingException e) {
      throw new ConfigException(yaml + ": not text in UTF-8 (expected: a YAML file)", e);
    } catch (IOException e) {
      throw new ConfigException(
          yaml + ": cannot be read: " + e.getMessage() + " (expected: a YAML file)", e);
    }
  }
}
