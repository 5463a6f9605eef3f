package dev.musa.rules.condition;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.Operator;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.musa.rules.Condition;
import dev.musa.rules.condition.Tests.Relation;
import dev.musa.rules.condition.Tests.TextRelation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Compiles what is true or false within one expression. */
final class ConditionCompiler {
  private static final Map<String, Relation> RELATIONS =
      Map.of(
          Operator.EQUALS.getFunction(), Relation.EQUAL,
          Operator.NOT_EQUALS.getFunction(), Relation.NOT_EQUAL,
          Operator.LESS.getFunction(), Relation.LESS,
          Operator.LESS_EQUALS.getFunction(), Relation.LESS_OR_EQUAL,
          Operator.GREATER.getFunction(), Relation.GREATER,
          Operator.GREATER_EQUALS.getFunction(), Relation.GREATER_OR_EQUAL);
  private static final Map<String, TextRelation> TEXT_RELATIONS =
      Map.of(
          "startsWith", TextRelation.STARTS_WITH,
          "endsWith", TextRelation.ENDS_WITH,
          "contains", TextRelation.CONTAINS);

  private final Compiler compiler;
  private final Checked expression;
  private final OperandCompiler operands;

  ConditionCompiler(Compiler compiler, Checked expression) {
    this.compiler = compiler;
    this.expression = expression;
    this.operands = new OperandCompiler(compiler, expression, this);
  }

  OperandCompiler operands() {
    return operands;
  }

  Condition compile(CelExpr expr) {
    return switch (expr.getKind()) {
      case CONSTANT -> constant(expr);
      case IDENT -> {
        Condition named = compiler.named(expr.ident().name());
        yield named != null ? named : new Logic.IsTrue(operands.compile(expr));
      }
      case SELECT -> select(expr);
      case CALL -> call(expr);
      default -> new Logic.IsTrue(operands.compile(expr));
    };
  }

  private Condition constant(CelExpr expr) {
    if (expr.constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE) {
      return expr.constant().booleanValue() ? Condition.ALWAYS : Condition.NEVER;
    }
    return new Logic.IsTrue(operands.compile(expr));
  }

  private Condition select(CelExpr expr) {
    return expr.select().testOnly()
        ? has(expr.select().operand(), expr.select().field())
        : new Logic.IsTrue(operands.compile(expr));
  }

  /** True for calls whose result is a condition, which as a value is true or false. */
  static boolean isCondition(CelExpr call) {
    String function = call.call().function();
    return RELATIONS.containsKey(function)
        || TEXT_RELATIONS.containsKey(function)
        || function.equals("matches")
        || Compiler.isCall(call, Operator.LOGICAL_AND)
        || Compiler.isCall(call, Operator.LOGICAL_OR)
        || Compiler.isCall(call, Operator.LOGICAL_NOT)
        || Compiler.isCall(call, Operator.IN);
  }

  private Condition call(CelExpr expr) {
    String function = expr.call().function();
    List<CelExpr> arguments = expr.call().args();
    Relation relation = RELATIONS.get(function);
    if (relation != null) {
      return compare(relation, arguments.get(0), arguments.get(1));
    }
    TextRelation textRelation = TEXT_RELATIONS.get(function);
    if (textRelation != null && expr.call().target().isPresent()) {
      return new Tests.TextTest(
          textRelation,
          operands.compile(expr.call().target().get()),
          operands.compile(arguments.getFirst()));
    }
    if (function.equals("matches")) {
      return matches(expr);
    }
    if (Compiler.isCall(expr, Operator.LOGICAL_AND)) {
      return new Logic.All(parts(expr, Operator.LOGICAL_AND));
    }
    if (Compiler.isCall(expr, Operator.LOGICAL_OR)) {
      return new Logic.Any(parts(expr, Operator.LOGICAL_OR));
    }
    if (Compiler.isCall(expr, Operator.LOGICAL_NOT)) {
      return new Logic.Not(compile(arguments.getFirst()));
    }
    if (Compiler.isCall(expr, Operator.IN)) {
      return in(arguments.get(0), arguments.get(1));
    }
    if (Compiler.isCall(expr, Operator.CONDITIONAL)) {
      return new Logic.Either(
          compile(arguments.get(0)), compile(arguments.get(1)), compile(arguments.get(2)));
    }
    return new Logic.IsTrue(operands.compile(expr));
  }

  private Condition compare(Relation relation, CelExpr left, CelExpr right) {
    Operand leftOperand = operands.besides(left, right);
    Operand rightOperand = operands.besides(right, left);
    if (relation == Relation.EQUAL) {
      if (rightOperand instanceof Literal literal && literal.kind() == Kind.STRING) {
        return new Tests.TextEquals(leftOperand, literal);
      }
      if (leftOperand instanceof Literal literal && literal.kind() == Kind.STRING) {
        return new Tests.TextEquals(rightOperand, literal);
      }
    }
    return new Tests.Compare(relation, leftOperand, rightOperand);
  }

  private Condition has(CelExpr target, String key) {
    Variable.AttributeMap attributes = operands.attributeMap(target);
    return attributes != null
        ? new Tests.HasAttribute(attributes.source(), Literal.of(key))
        : new Tests.HasValue(new Fields.Entry(operands.compile(target), OperandCompiler.utf8(key)));
  }

  private Condition in(CelExpr value, CelExpr container) {
    Variable.AttributeMap attributes = operands.attributeMap(container);
    String key = OperandCompiler.textOf(value);
    if (attributes != null) {
      if (key != null) {
        return new Tests.HasAttribute(attributes.source(), Literal.of(key));
      }
      compiler.refuse(
          expression, value, "the key of an attribute has to be a literal", "a text in quotes");
      return Condition.NEVER;
    }
    if (container.getKind() == CelExpr.ExprKind.Kind.LIST) {
      return inConstants(operands.compile(value), operands.list(container, value));
    }
    Operand list = operands.compile(container);
    Condition element = new Tests.InElements(operands.compile(value), list, new Lists.Elements());
    return key == null
        ? element
        : new Logic.Any(
            new Condition[] {
              element, new Tests.HasValue(new Fields.Entry(list, OperandCompiler.utf8(key)))
            });
  }

  private static Condition inConstants(Operand value, Lists.Constant list) {
    List<byte[]> texts = new ArrayList<>();
    for (Literal literal : list.literals) {
      if (literal.kind() != Kind.STRING) {
        return new Tests.InConstants(value, list);
      }
      texts.add(literal.buffer);
    }
    return new Tests.TextIn(value, new TextSet(texts));
  }

  private Condition matches(CelExpr expr) {
    List<CelExpr> arguments = new ArrayList<>();
    expr.call().target().ifPresent(arguments::add);
    arguments.addAll(expr.call().args());
    String pattern = OperandCompiler.textOf(arguments.get(1));
    if (pattern == null) {
      compiler.refuse(
          expression,
          arguments.get(1),
          "a regular expression has to be a literal",
          "a text in quotes, such as r\"^/api/\"");
      return Condition.NEVER;
    }
    try {
      return new Matches(operands.compile(arguments.get(0)), Pattern.compile(pattern));
    } catch (PatternSyntaxException e) {
      compiler.refuse(
          expression,
          arguments.get(1),
          "not a regular expression: " + e.getMessage(),
          "RE2 syntax, which has neither look-around nor back references");
      return Condition.NEVER;
    }
  }

  /** The operands of nested calls of the same operator, from left to right. */
  private Condition[] parts(CelExpr expr, Operator operator) {
    if (!Compiler.isCall(expr, operator)) {
      return new Condition[] {compile(expr)};
    }
    List<Condition> parts = new ArrayList<>();
    for (CelExpr argument : expr.call().args()) {
      parts.addAll(Arrays.asList(parts(argument, operator)));
    }
    return parts.toArray(Condition[]::new);
  }
}
