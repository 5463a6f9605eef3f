package dev.musa.rules.condition;

import com.google.common.collect.ImmutableList;
import dev.cel.common.Operator;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelMacroExprFactory;
import java.util.Optional;

/**
 * CEL's {@code has()} takes only {@code map.field}, which no attribute key with a dot fits. This
 * one takes {@code attributes["key"]} too, with the same meaning.
 */
final class HasMacro {
  static final CelMacro MACRO = CelMacro.newGlobalMacro("has", 1, HasMacro::expand);

  private HasMacro() {}

  private static Optional<CelExpr> expand(
      CelMacroExprFactory factory, CelExpr target, ImmutableList<CelExpr> arguments) {
    CelExpr argument = arguments.getFirst();
    if (argument.exprKind().getKind() == ExprKind.Kind.SELECT) {
      return Optional.of(
          factory.newSelect(argument.select().operand(), argument.select().field(), true));
    }
    if (isIndexByText(argument)) {
      return Optional.of(
          factory.newSelect(
              argument.call().args().get(0),
              argument.call().args().get(1).constant().stringValue(),
              true));
    }
    return Optional.of(factory.reportError(CelMessages.HAS_NEEDS_A_KEY));
  }

  private static boolean isIndexByText(CelExpr expr) {
    if (expr.exprKind().getKind() != ExprKind.Kind.CALL
        || !expr.call().function().equals(Operator.INDEX.getFunction())) {
      return false;
    }
    CelExpr key = expr.call().args().get(1);
    return key.exprKind().getKind() == ExprKind.Kind.CONSTANT
        && key.constant().getKind() == CelConstant.Kind.STRING_VALUE;
  }
}
