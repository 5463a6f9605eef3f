package dev.musa.rules.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.Operator;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.musa.rules.AttributePath;
import dev.musa.rules.yaml.Scalar;
import org.jspecify.annotations.Nullable;

/** Reads where an attribute stands: {@code attributes["key"]} or {@code resource["key"]}. */
public final class AttributePaths {
  private static final String EXPECTED = "attributes[\"key\"] or resource[\"key\"]";

  private AttributePaths() {}

  /** The path, or null with a problem added if the text is something else. */
  public static @Nullable AttributePath read(Expressions expressions, Scalar text) {
    CelAbstractSyntaxTree parsed = expressions.parse(text);
    if (parsed == null) {
      return null;
    }
    AttributePath path = path(parsed.getExpr());
    if (path == null) {
      text.refuse("'" + text.text() + "' is not the place of an attribute", EXPECTED);
    }
    return path;
  }

  private static @Nullable AttributePath path(CelExpr expr) {
    if (Compiler.isCall(expr, Operator.INDEX)) {
      String key = OperandCompiler.textOf(expr.call().args().get(1));
      return key == null ? null : path(expr.call().args().getFirst(), key);
    }
    return expr.getKind() == ExprKind.Kind.SELECT && !expr.select().testOnly()
        ? path(expr.select().operand(), expr.select().field())
        : null;
  }

  private static @Nullable AttributePath path(CelExpr map, String key) {
    if (map.getKind() != ExprKind.Kind.IDENT) {
      return null;
    }
    return switch (map.ident().name()) {
      case "attributes" -> new AttributePath(AttributePath.Scope.ITEM, key);
      case "resource" -> new AttributePath(AttributePath.Scope.RESOURCE, key);
      default -> null;
    };
  }
}
