package dev.musa.rules.yaml;

import org.jspecify.annotations.Nullable;

/**
 * Finds the expression that YAML cannot read because it stands there without quotes: inside {@code
 * [ ]} and {@code { }} a bracket, brace or comma ends it, elsewhere a leading quote, bracket,
 * {@code !} or {@code *}, and {@code ": "} anywhere.
 *
 * @param from first column of the expression
 * @param to the column behind its last one
 */
record MissingQuotes(int line, int from, int to) {
  /** Looks at the line on which YAML gave up at {@code column}; null if something else is wrong. */
  static @Nullable MissingQuotes at(String text, int line, int column, boolean inFlow) {
    MissingQuotes found = inFlow ? inFlow(text, line, column) : inBlock(text, line, column);
    return found == null || found.isQuoted(text) ? null : found;
  }

  String expression(String text) {
    return text.substring(from, to);
  }

  private static @Nullable MissingQuotes inFlow(String text, int line, int column) {
    int from = startOfFlowScalar(text, column);
    int to = endOfExpression(text, from);
    return to <= column ? null : new MissingQuotes(line, from, to);
  }

  private static @Nullable MissingQuotes inBlock(String text, int line, int column) {
    int from = startOfBlockValue(text);
    int to = text.stripTrailing().length();
    return from > column || to <= from ? null : new MissingQuotes(line, from, to);
  }

  /** Back to behind the separator in front of the plain scalar that ends at the column. */
  private static int startOfFlowScalar(String text, int column) {
    int at = Math.min(column, text.length()) - 1;
    while (at >= 0 && !isSeparator(text, at)) {
      at--;
    }
    at++;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  private static boolean isSeparator(String text, int at) {
    char c = text.charAt(at);
    return c == ','
        || c == '['
        || c == '{'
        || (c == ':' && at + 1 < text.length() && text.charAt(at + 1) == ' ');
  }

  /** Up to the bracket, brace or comma that does not belong to the expression. */
  private static int endOfExpression(String text, int from) {
    int depth = 0;
    char quote = 0;
    for (int at = from; at < text.length(); at++) {
      char c = text.charAt(at);
      if (quote != 0) {
        if (c == '\\') {
          at++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '[' || c == '(' || c == '{') {
        depth++;
      } else if (c == ']' || c == ')' || c == '}' || c == ',') {
        if (depth == 0) {
          return at;
        }
        depth -= c == ',' ? 0 : 1;
      }
    }
    return depth == 0 && quote == 0 ? text.stripTrailing().length() : from;
  }

  /** Behind {@code key: } or {@code - }, as often as they are repeated. */
  private static int startOfBlockValue(String text) {
    int at = 0;
    while (at < text.length()) {
      if (text.charAt(at) == ' ') {
        at++;
      } else if (text.startsWith("- ", at)) {
        at += 2;
      } else {
        break;
      }
    }
    int colon = text.indexOf(": ", at);
    if (colon >= 0 && isKey(text.substring(at, colon))) {
      at = colon + 2;
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
    }
    return at;
  }

  private static boolean isKey(String text) {
    return !text.isEmpty()
        && text.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '-');
  }

  private boolean isQuoted(String text) {
    String expression = expression(text);
    char first = expression.charAt(0);
    return (first == '\'' || first == '"')
        && expression.length() > 1
        && expression.indexOf(first, 1) == expression.length() - 1;
  }
}
