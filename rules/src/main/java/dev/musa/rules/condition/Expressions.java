package dev.musa.rules.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelStandardMacro;
import dev.musa.rules.condition.CelMessages.Advice;
import dev.musa.rules.yaml.Position;
import dev.musa.rules.yaml.Problems;
import dev.musa.rules.yaml.Scalar;
import dev.musa.schemas.Signal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses and type-checks the expressions of one rule set. */
public final class Expressions {
  static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .maxExpressionCodePointSize(20_000)
          .maxParseRecursionDepth(100)
          .build();

  private final NamedConditions named;
  private final Map<Signal, CelCompiler> checkers = new EnumMap<>(Signal.class);

  /**
   * Parses the conditions that have a name.
   *
   * @param problems takes what is wrong with these, also if it is found later, where they are used
   */
  public Expressions(Map<String, Scalar> conditions, Problems problems) {
    for (Signal signal : Signal.values()) {
      checkers.put(signal, checker(signal, conditions.keySet()));
    }
    this.named = new NamedConditions(this, conditions, problems);
  }

  /** Checks an expression that is true or false; null if it is wrong, with problems added. */
  public @Nullable Checked condition(Signal signal, Scalar text) {
    Checked checked = value(signal, text);
    if (checked == null) {
      return null;
    }
    CelType type = checked.ast().getResultType();
    if (type.equals(SimpleType.BOOL) || type.equals(SimpleType.DYN)) {
      return checked;
    }
    text.refuse(
        "the expression is of type " + type.name() + ", not a condition",
        "something that is true or false, such as a comparison");
    return null;
  }

  /** Checks an expression of any type; null if it is wrong, with problems added. */
  public @Nullable Checked value(Signal signal, Scalar text) {
    CelAbstractSyntaxTree parsed = parse(text);
    if (parsed == null) {
      return null;
    }
    CelValidationResult result = checker(signal).check(parsed);
    if (result.hasError()) {
      Vocabulary vocabulary = Vocabulary.of(signal);
      for (CelIssue issue : result.getErrors()) {
        Advice advice = CelMessages.ofType(issue, vocabulary, named.names(), signal.label());
        text.problems().add(position(issue, text), advice.message(), advice.expected());
      }
      return null;
    }
    return new Checked(text, signal, ast(result));
  }

  /** Names that a condition must not have, as they mean something in expressions. */
  public static Set<String> reservedNames() {
    return Vocabulary.reserved();
  }

  public NamedConditions named() {
    return named;
  }

  /** Parses without looking at names and types. */
  @Nullable CelAbstractSyntaxTree parse(Scalar text) {
    CelValidationResult result = checker(Signal.TRACES).parse(text.text());
    if (!result.hasError()) {
      return ast(result);
    }
    // What follows the first syntax error is mostly its consequence.
    CelIssue first = result.getErrors().getFirst();
    Advice advice = CelMessages.ofSyntax(first, text);
    text.problems().add(position(first, text), advice.message(), advice.expected());
    return null;
  }

  private CelCompiler checker(Signal signal) {
    CelCompiler checker = checkers.get(signal);
    if (checker == null) {
      throw new AssertionError(signal);
    }
    return checker;
  }

  private static CelCompiler checker(Signal signal, Set<String> conditions) {
    List<CelMacro> macros =
        CelStandardMacro.STANDARD_MACROS.stream()
            .filter(macro -> macro != CelStandardMacro.HAS)
            .map(CelStandardMacro::getDefinition)
            .toList();
    Vocabulary vocabulary = Vocabulary.of(signal);
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros()
            .addMacros(macros)
            .addMacros(HasMacro.MACRO);
    for (Variable variable : vocabulary.variables().values()) {
      builder.addVar(variable.name(), variable.type());
    }
    for (String number : vocabulary.numbers().keySet()) {
      builder.addVar(number, SimpleType.INT);
    }
    for (String condition : conditions) {
      builder.addVar(condition, SimpleType.BOOL);
    }
    return builder.build();
  }

  private static CelAbstractSyntaxTree ast(CelValidationResult result) {
    try {
      return result.getAst();
    } catch (CelValidationException e) {
      throw new IllegalStateException("only called for results without errors", e);
    }
  }

  private static Position position(CelIssue issue, Scalar text) {
    int line = issue.getSourceLocation().getLine();
    return line < 1
        ? text.position()
        : text.position(line - 1, Math.max(0, issue.getSourceLocation().getColumn()));
  }
}
