package dev.musa.runtime.config;

import dev.musa.runtime.config.YamlNode.Empty;
import dev.musa.runtime.config.YamlNode.Entry;
import dev.musa.runtime.config.YamlNode.Mapping;
import dev.musa.runtime.config.YamlNode.Scalar;
import dev.musa.runtime.config.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;
import tools.jackson.dataformat.yaml.YAMLReadFeature;

/** Reads one YAML document into nodes that know their places, references replaced. */
final class YamlTree {

  private static final YAMLFactory YAML =
      YAMLFactory.builder()
          .enable(YAMLReadFeature.EMPTY_STRING_AS_NULL)
          .disable(YAMLReadFeature.EMPTY_DOCUMENT_AS_EMPTY_OBJECT)
          .build();

  private final String source;
  private final References references;
  private final YAMLParser parser;

  private YamlTree(String source, References references, YAMLParser parser) {
    this.source = source;
    this.references = references;
    this.parser = parser;
  }

  /** {@link Empty} stands for a document without content. */
  static YamlNode parse(String source, String yaml, References references) {
    try (YAMLParser parser = (YAMLParser) YAML.createParser(ObjectReadContext.empty(), yaml)) {
      return new YamlTree(source, references, parser).document();
    } catch (JacksonException e) {
      throw syntaxError(source, e);
    }
  }

  private YamlNode document() {
    @Nullable JsonToken first = parser.nextToken();
    if (first == null) {
      return new Empty(new Location(source, 1, 1));
    }
    YamlNode root = node(first, "");
    if (parser.nextToken() != null) {
      throw new ConfigException(here(), "a second document begins (expected: one document)");
    }
    return root;
  }

  private YamlNode node(JsonToken token, String path) {
    Location at = here();
    if (parser.isCurrentAlias()) {
      throw new ConfigException(
          at,
          "alias *%s%s is not supported (expected: the value written out)"
              .formatted(parser.getString(), inPath(path)));
    }
    return switch (token) {
      case START_OBJECT -> mapping(at, path);
      case START_ARRAY -> sequence(at, path);
      case VALUE_NULL -> new Empty(at);
      default -> {
        String written = parser.getString();
        yield new Scalar(at, written, references.replace(at, written));
      }
    };
  }

  private Mapping mapping(Location at, String path) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    while (next() != JsonToken.END_OBJECT) {
      String key = parser.getString();
      Location keyAt = here();
      YamlNode value = node(next(), path.isEmpty() ? key : path + "." + key);
      @Nullable Entry earlier = entries.putIfAbsent(key, new Entry(keyAt, value));
      if (earlier != null) {
        throw new ConfigException(
            keyAt,
            "key '%s'%s occurs twice, first in line %d (expected: once)"
                .formatted(key, inPath(path), earlier.keyAt().line()));
      }
    }
    return new Mapping(at, entries);
  }

  private Sequence sequence(Location at, String path) {
    List<YamlNode> elements = new ArrayList<>();
    for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
      elements.add(node(token, path + "[" + elements.size() + "]"));
    }
    return new Sequence(at, elements);
  }

  private JsonToken next() {
    @Nullable JsonToken token = parser.nextToken();
    if (token == null) {
      throw new ConfigException(here(), "the document ends early");
    }
    return token;
  }

  private Location here() {
    return location(source, parser.currentTokenLocation());
  }

  private static String inPath(String path) {
    return path.isEmpty() ? "" : " in " + path;
  }

  private static ConfigException syntaxError(String source, JacksonException e) {
    if (e.getCause() instanceof MarkedYamlEngineException marked
        && marked.getProblemMark().isPresent()) {
      Mark mark = marked.getProblemMark().get();
      Location at = new Location(source, mark.getLine() + 1, mark.getColumn() + 1);
      return new ConfigException(at, "not valid YAML: " + marked.getProblem(), e);
    }
    String message = e.getOriginalMessage().lines().findFirst().orElse("cannot be read");
    return new ConfigException(location(source, e.getLocation()), "not valid YAML: " + message, e);
  }

  private static Location location(String source, @Nullable TokenStreamLocation at) {
    return at == null
        ? new Location(source, 1, 1)
        : new Location(source, Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
  }
}
