package dev.musa.rules.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelExpr;
import dev.musa.rules.yaml.Position;
import dev.musa.rules.yaml.Scalar;
import dev.musa.schemas.Signal;
import java.util.Optional;

/** An expression of a rule file that was parsed and type-checked for one signal. */
public final class Checked {
  private final Scalar text;
  private final Signal signal;
  private final CelAbstractSyntaxTree ast;

  Checked(Scalar text, Signal signal, CelAbstractSyntaxTree ast) {
    this.text = text;
    this.signal = signal;
    this.ast = ast;
  }

  Signal signal() {
    return signal;
  }

  CelAbstractSyntaxTree ast() {
    return ast;
  }

  /** Where the expression stands in its file. */
  Position position(CelExpr part) {
    Integer offset = ast.getSource().getPositionsMap().get(part.id());
    Optional<CelSourceLocation> location =
        offset == null ? Optional.empty() : ast.getSource().getOffsetLocation(offset);
    return location
        .map(at -> text.position(at.getLine() - 1, at.getColumn()))
        .orElse(text.position());
  }
}
