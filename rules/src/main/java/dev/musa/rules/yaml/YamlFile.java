package dev.musa.rules.yaml;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Parses one file to YAML nodes, which know their positions and scalar styles (Jackson's parser,
 * which builds on the same engine, does not tell the style).
 */
public final class YamlFile {
  /** More missing quotes than anybody wants to read about. */
  private static final int MAX_REPAIRS = 100;

  private static final int MAX_CODE_POINTS = 1 << 20;

  private final QuotedText text;
  private final Problems problems;

  private YamlFile(QuotedText text, Problems problems) {
    this.text = text;
    this.problems = problems;
  }

  /** The root of the file's one document, or null with problems added if there is none. */
  public static @Nullable Value read(SourceText source, String content, Problems problems) {
    String normalized = content.replace("\r\n", "\n").replace('\r', '\n');
    return new YamlFile(new QuotedText(source, normalized), problems).read();
  }

  private @Nullable Value read() {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(text.source().name())
            .setCodePointLimit(MAX_CODE_POINTS)
            .setMaxAliasesForCollections(10)
            .build();
    for (int repairs = 0; repairs <= MAX_REPAIRS; repairs++) {
      try {
        Optional<Node> root = new Compose(settings).composeString(text.text());
        if (root.isEmpty()) {
          problems.add(text.source().start(), "the file is empty", "a rule file, see the README");
          return null;
        }
        return new Value(text, root.get(), problems);
      } catch (MarkedYamlEngineException e) {
        if (!repair(e)) {
          return null;
        }
      } catch (YamlEngineException e) {
        problems.add(
            text.source().start(),
            "not readable as YAML: " + e.getMessage(),
            "one YAML document in UTF-8 of at most " + MAX_CODE_POINTS + " characters");
        return null;
      }
    }
    return null;
  }

  /** Reports what YAML stumbled over; true if reading can go on behind it. */
  private boolean repair(MarkedYamlEngineException e) {
    Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
    if (mark == null) {
      problems.add(text.source().start(), message(e), "YAML");
      return false;
    }
    int line = mark.getLine();
    String content = text.line(line);
    int column = Columns.ofCodePoint(content, mark.getColumn());
    boolean inFlow = String.valueOf(e.getContext()).contains("flow");
    MissingQuotes missing = MissingQuotes.at(content, line, column, inFlow);
    if (missing == null) {
      problems.add(text.position(line, column), message(e), "valid YAML");
      return false;
    }
    report(text, missing, problems);
    text.quote(line, missing.from(), missing.to());
    return true;
  }

  static void report(QuotedText text, MissingQuotes missing, Problems problems) {
    String expression = missing.expression(text.line(missing.line()));
    problems.add(
        text.position(missing.line(), missing.from()),
        "YAML cannot read this expression without quotes",
        "'" + expression.replace("'", "''") + "' (in single quotes)");
  }

  private static String message(MarkedYamlEngineException e) {
    return "not valid YAML: "
        + (e.getProblem() == null ? e.getMessage() : e.getProblem())
        + (e.getContext() == null || e.getContext().isBlank() ? "" : " " + e.getContext());
  }
}
