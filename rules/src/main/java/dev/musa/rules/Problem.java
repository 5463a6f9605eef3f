package dev.musa.rules;

/**
 * Something wrong with a rule file.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param message what is wrong, with the value found
 * @param expected what should stand there, and how to mend it
 */
public record Problem(
    String file, int line, int column, String sourceLine, String message, String expected) {
  /**
   * Several lines for a terminal: position and message, the source line, a caret below the
   * position, and what was expected.
   */
  public String format() {
    StringBuilder out = new StringBuilder();
    out.append(file).append(':').append(line).append(':').append(column).append(": ");
    out.append(message).append('\n');
    if (!sourceLine.isBlank()) {
      String number = Integer.toString(line);
      out.append("  ").append(number).append(" | ").append(sourceLine).append('\n');
      out.append("  ").repeat(' ', number.length()).append(" | ");
      appendIndent(out);
      out.append("^\n");
    }
    return out.append("  expected: ").append(expected).toString();
  }

  /** One line for a log. */
  @Override
  public String toString() {
    return file + ':' + line + ':' + column + ": " + message + "; expected: " + expected;
  }

  /** Tabs stay tabs, so that the caret stands below its character whatever their width. */
  private void appendIndent(StringBuilder out) {
    for (int i = 0; i < column - 1; i++) {
      out.append(i < sourceLine.length() && sourceLine.charAt(i) == '\t' ? '\t' : ' ');
    }
  }
}
