package dev.musa.rules.yaml;

import java.util.Arrays;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Maps the characters of a scalar's value to the file by walking both side by side: quotes and
 * escapes take more characters in the file, a line break with its indentation is one space or a few
 * line ends in the value.
 */
final class ScalarPositions {
  private final QuotedText file;
  private final String source;
  private final String value;
  private final ScalarStyle style;

  /** For each character of the value, and the end, its index in the source. */
  private final int[] index;

  ScalarPositions(QuotedText file, ScalarNode node) {
    this.file = file;
    this.source = file.text();
    this.value = node.getValue();
    this.style = node.getScalarStyle();
    this.index = new int[value.length() + 1];
    walk(start(node));
  }

  Position of(int line, int column) {
    int lineStart = 0;
    for (int i = 0; i < line; i++) {
      lineStart = value.indexOf('\n', lineStart) + 1;
    }
    int lineEnd = value.indexOf('\n', lineStart);
    String valueLine = value.substring(lineStart, lineEnd < 0 ? value.length() : lineEnd);
    return position(index[lineStart + Columns.ofCodePoint(valueLine, column)]);
  }

  private Position position(int sourceIndex) {
    String before = source.substring(0, Math.min(sourceIndex, source.length()));
    int line = (int) before.chars().filter(c -> c == '\n').count();
    return file.position(line, before.length() - 1 - before.lastIndexOf('\n'));
  }

  /** Behind the opening quote, or behind the header line of a block scalar. */
  private int start(ScalarNode node) {
    Mark mark = node.getStartMark().orElseThrow();
    int start = 0;
    for (int line = 0; line < mark.getLine(); line++) {
      start += file.line(line).length() + 1;
    }
    start += Columns.ofCodePoint(file.line(mark.getLine()), mark.getColumn());
    return switch (style) {
      case SINGLE_QUOTED, DOUBLE_QUOTED -> start + 1;
      case LITERAL, FOLDED -> skipBlanks(source.indexOf('\n', start) + 1);
      case PLAIN, JSON_SCALAR_STYLE -> start;
    };
  }

  private void walk(int start) {
    int at = start;
    int i = 0;
    while (i < value.length()) {
      if (at >= source.length()) {
        break;
      }
      int blanks = skipBlanks(at);
      if (style == ScalarStyle.DOUBLE_QUOTED && source.startsWith("\\\n", at)) {
        at = skipBlanks(at + 1);
      } else if (blanks > at && source.substring(at, blanks).indexOf('\n') >= 0) {
        i = fold(i, at, blanks);
        at = blanks;
      } else {
        index[i++] = at;
        at += sourceLength(at);
      }
    }
    Arrays.fill(index, i, index.length, at);
  }

  /** A line break: the blanks of the value stand for those of the source. */
  private int fold(int valueFrom, int sourceFrom, int sourceTo) {
    int to = valueFrom;
    while (to < value.length() && (value.charAt(to) == ' ' || value.charAt(to) == '\n')) {
      to++;
    }
    for (int i = valueFrom; i < to; i++) {
      index[i] = Math.max(sourceFrom, sourceTo - (to - i));
    }
    return to;
  }

  private int skipBlanks(int at) {
    int end = at;
    while (end < source.length() && Character.isWhitespace(source.charAt(end))) {
      end++;
    }
    return end;
  }

  /** How many characters of the source make the one of the value. */
  private int sourceLength(int at) {
    char c = source.charAt(at);
    if (style == ScalarStyle.SINGLE_QUOTED && c == '\'') {
      return 2;
    }
    if (style == ScalarStyle.DOUBLE_QUOTED && c == '\\' && at + 1 < source.length()) {
      return switch (source.charAt(at + 1)) {
        case 'x' -> 4;
        case 'u' -> 6;
        case 'U' -> 10;
        default -> 2;
      };
    }
    return 1;
  }
}
