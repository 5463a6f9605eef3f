package dev.musa.rules.yaml;

import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A text value that knows where each of its characters stands in the file. */
public final class Scalar {
  private final QuotedText file;
  private final ScalarNode node;
  private final Problems problems;
  private final Position position;

  Scalar(QuotedText file, ScalarNode node, Problems problems, Position position) {
    this.file = file;
    this.node = node;
    this.problems = problems;
    this.position = position;
  }

  public String text() {
    return node.getValue();
  }

  public Position position() {
    return position;
  }

  public Problems problems() {
    return problems;
  }

  /** Where a code point of the text stands; the text's lines and columns count from 0. */
  public Position position(int line, int column) {
    return new ScalarPositions(file, node).of(line, column);
  }

  /** The same text, whose problems are collected elsewhere. */
  public Scalar reportingTo(Problems others) {
    return new Scalar(file, node, others, position);
  }

  public void refuse(String message, String expected) {
    problems.add(position, message, expected);
  }

  /** True if a comment follows on the line, which may have been meant to be part of the text. */
  public boolean endsAtComment() {
    Mark end = node.getEndMark().orElseThrow();
    String line = file.line(end.getLine());
    int column = Columns.ofCodePoint(line, end.getColumn());
    return line.substring(column).stripLeading().startsWith("#");
  }
}
