package dev.musa.k8s.grafana;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of a PromQL expression as is needed to see what it asks for.
 *
 * @param selectors metrics with what they are narrowed by
 * @param grouping the labels of {@code by} and the like
 * @param strays names that stand alone: metrics without a selector, or mistakes
 */
record PromQl(List<Selector> selectors, Set<String> grouping, List<String> strays) {
  private static final Pattern SELECTOR =
      Pattern.compile("([A-Za-z_:][\\w:]*)\\{((?:[^}\"]|\"(?:[^\"\\\\]|\\\\.)*\")*)}");
  private static final Pattern MATCHER =
      Pattern.compile("\\s*(\\w+)\\s*(=~|!~|!=|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\s*(?:,|$)");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
  private static final Pattern OFFSET = Pattern.compile("\\boffset\\s+\\w+");
  private static final Pattern NAME = Pattern.compile("\\b[A-Za-z_]\\w*\\b(?!\\s*\\()");
  private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool");

  /** A metric and the labels that its selector names. */
  record Selector(String metric, List<Label> labels) {
    /** How the selector narrows by this label; empty if it does not. */
    String valueOf(String name) {
      return labels.stream()
          .filter(label -> label.name.equals(name))
          .map(Label::value)
          .findFirst()
          .orElse("");
    }
  }

  record Label(String name, String value) {}

  /**
   * Takes an expression apart.
   *
   * @throws IllegalArgumentException if a selector is no list of labels
   */
  static PromQl parse(String expression) {
    List<Selector> selectors = new ArrayList<>();
    Matcher selector = SELECTOR.matcher(expression);
    while (selector.find()) {
      selectors.add(new Selector(selector.group(1), labels(selector.group(2))));
    }
    String rest = STRING.matcher(selector.replaceAll(" ")).replaceAll(" ");
    Set<String> grouping = new TreeSet<>();
    Matcher group = GROUPING.matcher(rest);
    while (group.find()) {
      for (String label : group.group(1).split(",", -1)) {
        grouping.add(label.strip());
      }
    }
    rest = OFFSET.matcher(RANGE.matcher(group.replaceAll(" ")).replaceAll(" ")).replaceAll(" ");
    List<String> strays = new ArrayList<>();
    Matcher name = NAME.matcher(rest);
    while (name.find()) {
      if (!WORDS.contains(name.group())) {
        strays.add(name.group());
      }
    }
    return new PromQl(selectors, grouping, strays);
  }

  private static List<Label> labels(String text) {
    List<Label> labels = new ArrayList<>();
    Matcher matcher = MATCHER.matcher(text);
    int end = 0;
    while (end < text.length() && matcher.find(end) && matcher.start() == end) {
      labels.add(new Label(matcher.group(1), matcher.group(3)));
      end = matcher.end();
    }
    if (end != text.length()) {
      throw new IllegalArgumentException(
          "not a list of labels: {" + text + "} (expected: {name=\"value\", ...})");
    }
    return labels;
  }
}
