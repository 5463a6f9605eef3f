package dev.musa.rules.condition;

import dev.cel.common.ast.CelExpr;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Walks an expression for the names in it. */
final class Names {
  private Names() {}

  static Set<String> in(CelExpr expr) {
    Set<String> names = new LinkedHashSet<>();
    forEach(expr, ident -> names.add(ident.ident().name()));
    return names;
  }

  /** Visits every identifier. Comprehensions are refused, so what they bind does not matter. */
  static void forEach(CelExpr expr, Consumer<CelExpr> visitor) {
    switch (expr.getKind()) {
      case IDENT -> visitor.accept(expr);
      case SELECT -> forEach(expr.select().operand(), visitor);
      case CALL -> {
        expr.call().target().ifPresent(target -> forEach(target, visitor));
        expr.call().args().forEach(argument -> forEach(argument, visitor));
      }
      case LIST -> expr.list().elements().forEach(element -> forEach(element, visitor));
      case CONSTANT, NOT_SET, STRUCT, MAP, COMPREHENSION -> {}
    }
  }
}
