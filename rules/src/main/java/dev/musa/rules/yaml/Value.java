package dev.musa.rules.yaml;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML value that is read as what is expected. Each reader reports a value of another type and
 * gives null (or an empty list) for it.
 */
public final class Value {
  private final QuotedText text;
  private final Node node;
  private final Problems problems;

  Value(QuotedText text, Node node, Problems problems) {
    this.text = text;
    this.node = node;
    this.problems = problems;
  }

  public Position position() {
    Mark mark = node.getStartMark().orElseThrow();
    int column = Columns.ofCodePoint(text.line(mark.getLine()), mark.getColumn());
    return text.position(mark.getLine(), column);
  }

  public Problems problems() {
    return problems;
  }

  public boolean isText() {
    return node instanceof ScalarNode;
  }

  public @Nullable Mapping mapping(String expected) {
    if (node instanceof MappingNode mapping) {
      return Mapping.of(this, text, mapping);
    }
    refuse(expected);
    return null;
  }

  public List<Value> list(String expected) {
    List<Value> values = new ArrayList<>();
    if (node instanceof SequenceNode sequence) {
      for (Node element : sequence.getValue()) {
        values.add(new Value(text, element, problems));
      }
    } else {
      refuse(expected);
    }
    return values;
  }

  public @Nullable Scalar text(String expected) {
    if (!(node instanceof ScalarNode scalar)) {
      refuse(expected);
      return null;
    }
    String tag = scalar.getTag().getValue();
    if (tag.startsWith("!")) {
      refuseTag(scalar);
      return null;
    }
    if (scalar.getTag().equals(Tag.NULL) || scalar.getValue().isBlank()) {
      refuse(expected);
      return null;
    }
    return new Scalar(text, scalar, problems, position());
  }

  public @Nullable Duration duration(String expected) {
    Scalar scalar = text(expected);
    Duration duration = scalar == null ? null : Durations.parse(scalar.text());
    if (scalar != null && duration == null) {
      refuse(expected);
    }
    return duration;
  }

  public @Nullable Long wholeNumber(String expected) {
    Scalar scalar = text(expected);
    if (scalar == null) {
      return null;
    }
    try {
      return Long.valueOf(scalar.text());
    } catch (NumberFormatException _) {
      refuse(expected);
      return null;
    }
  }

  public @Nullable Double number(String expected) {
    Scalar scalar = text(expected);
    if (scalar == null) {
      return null;
    }
    try {
      return Double.valueOf(scalar.text());
    } catch (NumberFormatException _) {
      refuse(expected);
      return null;
    }
  }

  /** Reports this value as not what was expected. */
  public void refuse(String expected) {
    problems.add(position(), "unexpected " + description(), expected);
  }

  public void refuse(String message, String expected) {
    problems.add(position(), message, expected);
  }

  private String description() {
    return switch (node) {
      case MappingNode _ -> "map of keys";
      case SequenceNode _ -> "list";
      case ScalarNode scalar when scalar.getValue().isBlank() -> "empty value";
      case ScalarNode scalar -> "'" + scalar.getValue() + "'";
      default -> node.getNodeType().name();
    };
  }

  /** A plain {@code !x} is a tag to YAML, so an expression that begins so is torn apart. */
  private void refuseTag(ScalarNode scalar) {
    Mark start = scalar.getStartMark().orElseThrow();
    String line = text.line(start.getLine());
    int from = Columns.ofCodePoint(line, start.getColumn());
    MissingQuotes missing = MissingQuotes.at(line, start.getLine(), from + 1, false);
    if (missing != null && missing.from() == from) {
      YamlFile.report(text, missing, problems);
    } else {
      refuse(
          "'" + scalar.getTag().getValue() + "' is a tag to YAML",
          "an expression that begins with ! in single quotes");
    }
  }
}
