package dev.musa.rules.condition;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cel.common.Operator;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.types.CelKind;
import dev.musa.rules.Condition;
import dev.musa.rules.condition.Vocabulary.NamedNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles the values within one expression. */
final class OperandCompiler {
  private static final String SUPPORTED =
      "fields, attributes, literals, == != < <= > >= in && || ! + - * / % ?:, has(), size(),"
          + " duration(\"...\"), startsWith(), endsWith(), contains(), matches()";
  private static final Map<String, Arithmetic.Operator> ARITHMETIC =
      Map.of(
          Operator.ADD.getFunction(), Arithmetic.Operator.ADD,
          Operator.SUBTRACT.getFunction(), Arithmetic.Operator.SUBTRACT,
          Operator.MULTIPLY.getFunction(), Arithmetic.Operator.MULTIPLY,
          Operator.DIVIDE.getFunction(), Arithmetic.Operator.DIVIDE,
          Operator.MODULO.getFunction(), Arithmetic.Operator.MODULO);
  private static final Set<CelKind> NUMBERS = Set.of(CelKind.INT, CelKind.DOUBLE, CelKind.DYN);

  private final Compiler compiler;
  private final Checked expression;
  private final ConditionCompiler conditions;
  private final Vocabulary vocabulary;

  OperandCompiler(Compiler compiler, Checked expression, ConditionCompiler conditions) {
    this.compiler = compiler;
    this.expression = expression;
    this.conditions = conditions;
    this.vocabulary = Vocabulary.of(expression.signal());
  }

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  /** The text of a literal, or null if the expression is none. */
  static @Nullable String textOf(CelExpr expr) {
    return expr.getKind() == ExprKind.Kind.CONSTANT
            && expr.constant().getKind() == CelConstant.Kind.STRING_VALUE
        ? expr.constant().stringValue()
        : null;
  }

  /** The set of attributes that the expression names, or null if it is something else. */
  Variable.@Nullable AttributeMap attributeMap(CelExpr expr) {
    return expr.getKind() == ExprKind.Kind.IDENT
            && vocabulary.variables().get(expr.ident().name()) instanceof Variable.AttributeMap map
        ? map
        : null;
  }

  Operand compile(CelExpr expr) {
    return switch (expr.getKind()) {
      case CONSTANT -> constant(expr, expr.constant());
      case IDENT -> ident(expr, expr.ident().name());
      case SELECT -> select(expr);
      case CALL -> call(expr);
      case LIST ->
          refuse(expr, "a list can only stand beside == or behind 'in'", "x in [\"a\", \"b\"]");
      case COMPREHENSION ->
          refuse(expr, "all(), exists(), map() and filter() are not supported", SUPPORTED);
      case MAP, STRUCT, NOT_SET -> refuse(expr, "a map or message cannot be used", SUPPORTED);
    };
  }

  /** Compiles one side of a comparison, where named numbers and lists are allowed. */
  Operand besides(CelExpr side, CelExpr other) {
    if (side.getKind() == ExprKind.Kind.LIST) {
      return list(side, other);
    }
    NamedNumber number =
        side.getKind() == ExprKind.Kind.IDENT
            ? vocabulary.numbers().get(side.ident().name())
            : null;
    if (number == null) {
      return compile(side);
    }
    if (other.getKind() == ExprKind.Kind.IDENT && other.ident().name().equals(number.field())) {
      return Literal.of(number.value());
    }
    return misused(side, number);
  }

  /** A list of constants that is compared with the other side. */
  Lists.Constant list(CelExpr list, CelExpr other) {
    List<Literal> literals = new ArrayList<>();
    for (CelExpr element : list.list().elements()) {
      if (besides(element, other) instanceof Literal literal) {
        literals.add(literal);
      } else {
        refuse(element, "the list may only hold constants", "texts in quotes, numbers, booleans");
      }
    }
    return new Lists.Constant(literals);
  }

  private Operand ident(CelExpr expr, String name) {
    Condition named = compiler.named(name);
    if (named != null) {
      return new Logic.Truth(named);
    }
    NamedNumber number = vocabulary.numbers().get(name);
    if (number != null) {
      return misused(expr, number);
    }
    return switch (vocabulary.variables().get(name)) {
      case Variable.TextField field -> new Fields.TextValue(field.source());
      case Variable.NumberField field ->
          new Fields.NumberValue(
              field.source(), field.type().equals(Variable.DURATION) ? Kind.DURATION : Kind.INT);
      case Variable.AnyField field -> field.operand().get();
      case Variable.AttributeMap map ->
          refuse(
              expr,
              "'" + name + "' is a set of attributes, not a value",
              "one of them: " + name + "[\"key\"]");
      case null -> refuse(expr, "'" + name + "' cannot be used as a value", SUPPORTED);
    };
  }

  private Operand select(CelExpr expr) {
    if (expr.select().testOnly()) {
      return new Logic.Truth(conditions.compile(expr));
    }
    return entry(expr.select().operand(), expr.select().field());
  }

  private Operand entry(CelExpr map, String key) {
    Variable.AttributeMap attributes = attributeMap(map);
    return attributes != null
        ? compiler.attribute(attributes, key)
        : new Fields.Entry(compile(map), utf8(key));
  }

  private Operand call(CelExpr expr) {
    if (ConditionCompiler.isCondition(expr)) {
      return new Logic.Truth(conditions.compile(expr));
    }
    String function = expr.call().function();
    List<CelExpr> arguments = expr.call().args();
    Arithmetic.Operator arithmetic = ARITHMETIC.get(function);
    if (arithmetic != null) {
      return arithmetic(expr, arithmetic);
    }
    if (Compiler.isCall(expr, Operator.NEGATE)) {
      return new Arithmetic.Negation(compile(arguments.getFirst()));
    }
    if (Compiler.isCall(expr, Operator.INDEX)) {
      return index(arguments.get(0), arguments.get(1));
    }
    if (Compiler.isCall(expr, Operator.CONDITIONAL)) {
      return new Logic.Choice(
          conditions.compile(arguments.get(0)),
          compile(arguments.get(1)),
          compile(arguments.get(2)));
    }
    return switch (function) {
      case "size" -> size(expr.call().target().orElseGet(arguments::getFirst));
      case "duration" -> duration(arguments.getFirst());
      case "dyn" -> compile(arguments.getFirst());
      default -> refuse(expr, "'" + function + "' is not supported in conditions", SUPPORTED);
    };
  }

  private Operand arithmetic(CelExpr expr, Arithmetic.Operator operator) {
    for (CelExpr argument : expr.call().args()) {
      CelKind kind =
          expression.ast().getType(argument.id()).map(type -> type.kind()).orElse(CelKind.DYN);
      if (!NUMBERS.contains(kind)) {
        return refuse(expr, "only numbers can be reckoned with", "whole or real numbers");
      }
    }
    return new Arithmetic(
        operator, compile(expr.call().args().get(0)), compile(expr.call().args().get(1)));
  }

  private Operand index(CelExpr target, CelExpr key) {
    String text = textOf(key);
    if (text != null) {
      return entry(target, text);
    }
    if (key.getKind() == ExprKind.Kind.CONSTANT
        && key.constant().getKind() == CelConstant.Kind.INT64_VALUE
        && key.constant().int64Value() >= 0
        && attributeMap(target) == null) {
      return new Fields.Element(compile(target), key.constant().int64Value());
    }
    return refuse(
        key, "the key has to be a literal", "a text in quotes, or for a list a number from 0 on");
  }

  private Operand size(CelExpr of) {
    Variable.AttributeMap attributes = attributeMap(of);
    return attributes != null
        ? new Fields.NumberValue(at -> attributes.source().of(at).size(), Kind.INT)
        : new Fields.Size(compile(of));
  }

  private Operand duration(CelExpr argument) {
    String text = textOf(argument);
    Long nanos = text == null ? null : DurationLiteral.parse(text);
    return nanos != null
        ? Literal.ofNanos(nanos)
        : refuse(argument, "not a duration", "a literal such as \"500ms\", \"1.5s\" or \"1m30s\"");
  }

  private Operand constant(CelExpr expr, CelConstant constant) {
    return switch (constant.getKind()) {
      case NULL_VALUE -> Literal.ofNull();
      case BOOLEAN_VALUE -> Literal.of(constant.booleanValue());
      case INT64_VALUE -> Literal.of(constant.int64Value());
      case DOUBLE_VALUE -> Literal.of(constant.doubleValue());
      case STRING_VALUE -> Literal.of(constant.stringValue());
      case BYTES_VALUE -> Literal.of(constant.bytesValue().toByteArray());
      default -> refuse(expr, "a number of this type is not supported", "a number without u");
    };
  }

  private Operand misused(CelExpr expr, NamedNumber number) {
    return refuse(
        expr,
        number.name() + " can only be compared with " + number.field(),
        "%s == %s, or the number %d".formatted(number.field(), number.name(), number.value()));
  }

  private Literal refuse(CelExpr expr, String message, String expected) {
    compiler.refuse(expression, expr, message, expected);
    return Literal.absent();
  }
}
