package dev.musa.rules.condition;

import dev.cel.common.Operator;
import dev.cel.common.ast.CelExpr;
import dev.musa.rules.Condition;
import dev.musa.rules.KeyExpression;
import dev.musa.rules.yaml.Position;
import dev.musa.rules.yaml.Problems;
import dev.musa.schemas.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiles checked expressions to closures for one thread. What cannot be compiled is reported, and
 * a condition that is never true stands for it.
 */
public final class Compiler {
  private final NamedConditions named;
  private final Signal signal;
  private final Problems problems;
  private final Map<String, Condition> compiledNames = new HashMap<>();
  private final Map<AttributeKey, Operand> attributes = new HashMap<>();

  private record AttributeKey(String map, String key) {}

  public Compiler(Expressions expressions, Signal signal, Problems problems) {
    this.named = expressions.named();
    this.signal = signal;
    this.problems = problems;
  }

  public Condition condition(Checked expression) {
    return new ConditionCompiler(this, expression).compile(expression.ast().getExpr());
  }

  /** The values of all the expressions, one after the other. */
  public KeyExpression key(List<Checked> expressions) {
    List<Operand> operands = new ArrayList<>();
    for (Checked expression : expressions) {
      operands.add(
          new ConditionCompiler(this, expression).operands().compile(expression.ast().getExpr()));
    }
    return new Key(operands.toArray(Operand[]::new));
  }

  /**
   * Where the expression first depends on more than the level has in common; null if it does not.
   */
  public @Nullable Position beyond(Level level, Checked expression) {
    List<Position> found = new ArrayList<>();
    Names.forEach(
        expression.ast().getExpr(),
        ident -> {
          if (level(ident.ident().name()).compareTo(level) > 0) {
            found.add(expression.position(ident));
          }
        });
    return found.isEmpty() ? null : found.getFirst();
  }

  /** The named condition compiled, once however often it is used; null if there is none. */
  @Nullable Condition named(String name) {
    if (!named.contains(name)) {
      return null;
    }
    Condition known = compiledNames.get(name);
    if (known == null) {
      Checked expression = named.get(name, signal);
      known = expression == null ? Condition.NEVER : condition(expression);
      compiledNames.put(name, known);
    }
    return known;
  }

  /** An attribute, the same operand for all expressions. */
  Operand attribute(Variable.AttributeMap map, String key) {
    return attributes.computeIfAbsent(
        new AttributeKey(map.name(), key),
        _ -> new Fields.Attribute(map.source(), OperandCompiler.utf8(key)));
  }

  void refuse(Checked expression, CelExpr part, String message, String expected) {
    problems.add(expression.position(part), message, expected);
  }

  private Level level(String name) {
    Variable variable = Vocabulary.of(signal).variables().get(name);
    if (variable != null) {
      return variable.level();
    }
    Checked expression = named.contains(name) ? named.get(name, signal) : null;
    Level highest = Level.CONSTANT;
    if (expression != null) {
      for (String used : Names.in(expression.ast().getExpr())) {
        Level level = level(used);
        highest = level.compareTo(highest) > 0 ? level : highest;
      }
    }
    return highest;
  }

  static boolean isCall(CelExpr expr, Operator operator) {
    return expr.getKind() == CelExpr.ExprKind.Kind.CALL
        && expr.call().function().equals(operator.getFunction());
  }
}
