package dev.musa.rules.condition;

import dev.cel.common.CelIssue;
import dev.musa.rules.yaml.Nearest;
import dev.musa.rules.yaml.Scalar;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says in the words of the rule language what the CEL library found. */
final class CelMessages {
  static final String HAS_NEEDS_A_KEY = "has() asks whether an attribute is there";

  /** What was found and what should stand there. */
  record Advice(String message, String expected) {}

  private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'.*");
  private static final Pattern NO_OVERLOAD =
      Pattern.compile("found no matching overload for '([^']*)' applied to '(.*?)' .*");
  private static final Pattern UNEXPECTED =
      Pattern.compile("(?:mismatched|extraneous) input '(.*)' expecting .*", Pattern.DOTALL);
  private static final Pattern NO_ALTERNATIVE =
      Pattern.compile("no viable alternative at input '(.*)'", Pattern.DOTALL);
  private static final Pattern UNKNOWN_CHARACTERS =
      Pattern.compile("token recognition error at: '(.*)'", Pattern.DOTALL);

  private static final Map<String, String> OTHER_LANGUAGES =
      Map.of("and", "&&", "AND", "&&", "or", "||", "OR", "||", "not", "!", "NOT", "!", "=", "==");

  private static final Set<String> FUNCTIONS =
      Set.of("startsWith", "endsWith", "contains", "matches", "size", "has", "duration");

  private CelMessages() {}

  static Advice ofSyntax(CelIssue issue, Scalar text) {
    String message = issue.getMessage();
    if (text.endsAtComment() && hasOpenQuote(text.text())) {
      return new Advice(
          "the expression ends inside a text, as ' #' begins a comment in YAML",
          "the whole expression in single quotes");
    }
    Matcher characters = UNKNOWN_CHARACTERS.matcher(message);
    if (characters.matches()) {
      return ofCharacters(characters.group(1));
    }
    for (Pattern pattern : new Pattern[] {UNEXPECTED, NO_ALTERNATIVE}) {
      Matcher matcher = pattern.matcher(message);
      if (matcher.matches()) {
        return ofUnexpected(matcher.group(1));
      }
    }
    return message.equals(HAS_NEEDS_A_KEY)
        ? new Advice(message, "has(attributes[\"key\"]) with the key as a literal")
        : new Advice(message, "a CEL expression");
  }

  private static Advice ofCharacters(String characters) {
    char first = characters.isEmpty() ? ' ' : characters.charAt(0);
    if (first == '"' || first == '\'') {
      return new Advice(
          "the text " + characters + " has no end or an unknown escape",
          "a closing quote; a backslash doubled (\\\\), or a raw text: r\"\\d+\"");
    }
    if (first == '=') {
      return new Advice("'=' is no operator", "== to compare");
    }
    return new Advice(
        "'" + characters.strip() + "' means nothing here",
        "an operator: == != < <= > >= in && || ! + - * / % ? :");
  }

  private static Advice ofUnexpected(String found) {
    if (found.equals("<EOF>")) {
      return new Advice("the expression ends too early", "an operand or a closing bracket");
    }
    String operator = OTHER_LANGUAGES.get(found);
    return new Advice(
        "unexpected '" + found + "'",
        operator == null ? "an operator, an operand or the end of the expression" : operator);
  }

  static Advice ofType(CelIssue issue, Vocabulary vocabulary, Set<String> named, String signal) {
    Matcher undeclared = UNDECLARED.matcher(issue.getMessage());
    if (undeclared.matches()) {
      return undeclared(undeclared.group(1), vocabulary, named, signal);
    }
    Matcher overload = NO_OVERLOAD.matcher(issue.getMessage());
    if (overload.matches()) {
      return noOverload(overload.group(1), overload.group(2));
    }
    return new Advice(issue.getMessage(), "operands of matching types");
  }

  private static Advice undeclared(
      String name, Vocabulary vocabulary, Set<String> named, String signal) {
    Set<String> fields =
        vocabulary.names().stream()
            .filter(known -> known.startsWith(name + "."))
            .collect(Collectors.toCollection(TreeSet::new));
    String message = "'" + name + "' is not known for " + signal;
    if (!fields.isEmpty()) {
      return new Advice(message, "one of " + String.join(", ", fields));
    }
    Collection<String> known = new TreeSet<>(vocabulary.names());
    known.addAll(named);
    known.addAll(FUNCTIONS);
    return new Advice(message, Nearest.advice(name, known));
  }

  private static Advice noOverload(String function, String types) {
    String name = function.replace("@", "").replace("_", "").strip();
    String operands =
        types
            .replace("google.protobuf.", "")
            .replace("Duration", "duration")
            .replace("Timestamp", "timestamp");
    String message = "'" + name + "' cannot be applied to " + operands;
    if (operands.contains("duration")) {
      return new Advice(message, "a duration on both sides, such as duration(\"500ms\")");
    }
    if (operands.contains("int") && operands.contains("string")) {
      return new Advice(message, "text in quotes or numbers without, the same on both sides");
    }
    return new Advice(message, "operands of matching types");
  }

  private static boolean hasOpenQuote(String text) {
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0 && c == '\\') {
        i++;
      } else if (quote == c) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      }
    }
    return quote != 0;
  }
}
