package dev.musa.runtime.config;

import dev.musa.runtime.config.YamlNode.Scalar;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns one text into a value: string, boolean, number, enum, {@link Duration}, {@link Path},
 * {@link URI}, {@link Secret}, or any type with a {@code public static T parse(String)} whose
 * {@code toString} is its inverse.
 */
final class Scalars {

  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");

  private Scalars() {}

  static boolean isScalar(Class<?> type) {
    return type.isPrimitive()
        || type.isEnum()
        || List.of(
                String.class,
                Boolean.class,
                Integer.class,
                Long.class,
                Double.class,
                Duration.class,
                Path.class,
                URI.class,
                Secret.class)
            .contains(type)
        || parserOf(type) != null;
  }

  /** What a value of this type looks like, for messages. */
  static String expectation(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return "a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
    }
    if (type == long.class || type == Long.class) {
      return "a whole number";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == Duration.class) {
      return "a duration such as 10s, 500ms or 1m30s";
    }
    if (type == DataSize.class) {
      return "a size such as 64MiB";
    }
    if (type == Path.class) {
      return "a path";
    }
    if (type == URI.class) {
      return "a URL such as http://host:1234/path";
    }
    if (type.isEnum()) {
      return "one of " + String.join(", ", constants(type));
    }
    return "a text";
  }

  static Object convert(Class<?> type, Scalar node, String path) {
    String text = node.text();
    if (type == String.class) {
      return text;
    }
    if (type == Secret.class) {
      return new Secret(text);
    }
    if (type == int.class || type == Integer.class) {
      return number(type, node, path, Integer::valueOf);
    }
    if (type == long.class || type == Long.class) {
      return number(type, node, path, Long::valueOf);
    }
    if (type == double.class || type == Double.class) {
      return number(type, node, path, Scalars::decimal);
    }
    if (type == boolean.class || type == Boolean.class) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true" -> true;
        case "false" -> false;
        default -> throw mismatch(type, node, path, null);
      };
    }
    if (type.isEnum()) {
      return constant(type, node, path);
    }
    if (type == Duration.class) {
      return parsed(node, path, type, Durations::parse);
    }
    if (type == Path.class) {
      return path(node, path);
    }
    if (type == URI.class) {
      return url(node, path);
    }
    @Nullable Method parser = parserOf(type);
    if (parser == null) {
      throw new IllegalStateException(path + " has the type " + type + ", which no text can fill");
    }
    return parsed(node, path, type, value -> invoke(parser, value));
  }

  private static Object number(
      Class<?> type, Scalar node, String path, Function<String, Object> parse) {
    try {
      return parse.apply(node.text());
    } catch (NumberFormatException e) {
      throw mismatch(type, node, path, e);
    }
  }

  private static Double decimal(String text) {
    if (!DECIMAL.matcher(text).matches()) {
      throw new NumberFormatException(text);
    }
    return Double.valueOf(text);
  }

  private static Object constant(Class<?> type, Scalar node, String path) {
    String folded = Names.folded(node.text());
    for (Object constant : type.getEnumConstants()) {
      if (Names.folded(((Enum<?>) constant).name()).equals(folded)) {
        return constant;
      }
    }
    @Nullable String nearest = Names.nearest(node.text(), constants(type));
    throw new ConfigException(
        node.at(),
        "%s is %s (expected: %s%s)"
            .formatted(
                path,
                node.described(),
                expectation(type),
                nearest == null ? "" : "; did you mean '" + nearest + "'?"));
  }

  private static List<String> constants(Class<?> type) {
    List<String> names = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      names.add(Names.lowerCamelCase(((Enum<?>) constant).name()));
    }
    return names;
  }

  private static Path path(Scalar node, String path) {
    if (node.text().isEmpty()) {
      throw mismatch(Path.class, node, path, null);
    }
    try {
      return Path.of(node.text());
    } catch (InvalidPathException e) {
      throw mismatch(Path.class, node, path, e);
    }
  }

  private static URI url(Scalar node, String path) {
    try {
      URI url = new URI(node.text());
      if (url.isAbsolute()) {
        return url;
      }
    } catch (URISyntaxException e) {
      throw mismatch(URI.class, node, path, e);
    }
    throw mismatch(URI.class, node, path, null);
  }

  /**
   * The parser's own message says more than an expectation, but quotes the text: so it is used only
   * where the file holds that text itself.
   */
  private static Object parsed(
      Scalar node, String path, Class<?> type, Function<String, Object> parse) {
    try {
      return parse.apply(node.text());
    } catch (IllegalArgumentException e) {
      if (node.text().equals(node.written()) && e.getMessage() != null) {
        throw new ConfigException(node.at(), path + ": " + e.getMessage(), e);
      }
      throw mismatch(type, node, path, e);
    }
  }

  private static ConfigException mismatch(
      Class<?> type, Scalar node, String path, @Nullable Exception cause) {
    return new ConfigException(
        node.at(),
        path + " is " + node.described() + " (expected: " + expectation(type) + ")",
        cause);
  }

  private static @Nullable Method parserOf(Class<?> type) {
    try {
      Method parse = type.getDeclaredMethod("parse", String.class);
      boolean fits = Modifier.isStatic(parse.getModifiers()) && parse.getReturnType() == type;
      return fits ? parse : null;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static Object invoke(Method parser, String text) {
    try {
      parser.setAccessible(true);
      return parser.invoke(null, text);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(parser + " failed", e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(parser + " is not accessible", e);
    }
  }
}
