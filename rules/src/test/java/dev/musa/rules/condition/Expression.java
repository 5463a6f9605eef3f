package dev.musa.rules.condition;

import dev.musa.rules.Condition;
import dev.musa.rules.yaml.Problems;
import dev.musa.rules.yaml.Scalar;
import dev.musa.rules.yaml.SourceText;
import dev.musa.rules.yaml.YamlFile;
import dev.musa.schemas.Signal;
import java.util.Map;
import java.util.Objects;

/** Checks and compiles single expressions. */
final class Expression {
  private Expression() {}

  static Condition compile(Signal signal, String text) {
    Problems problems = new Problems();
    Condition condition = compile(signal, text, problems);
    if (!problems.isEmpty()) {
      throw new AssertionError(text + ": " + problems.sorted());
    }
    return condition;
  }

  /** Never true if there are problems. */
  static Condition compile(Signal signal, String text, Problems problems) {
    Expressions expressions = new Expressions(Map.of(), problems);
    Checked checked = expressions.condition(signal, scalar(text, problems));
    return checked == null
        ? Condition.NEVER
        : new Compiler(expressions, signal, problems).condition(checked);
  }

  static Scalar scalar(String text, Problems problems) {
    String yaml = "'" + text.replace("'", "''") + "'";
    return Objects.requireNonNull(
        Objects.requireNonNull(YamlFile.read(new SourceText("test", yaml), yaml, problems))
            .text("an expression"));
  }
}
