package dev.musa.k8s;

import dev.musa.k8s.KubernetesConfig.Source;
import dev.musa.k8s.KubernetesConfig.Tag;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns labels or annotations into attributes, by the configured names. */
final class Tags {
  private final String what;
  private final List<Rule> rules;

  private record Rule(Source from, Pattern key, @Nullable String name) {}

  /**
   * @param what {@code label} or {@code annotation}, for the usual names
   */
  Tags(String what, List<Tag> tags) {
    this.what = what;
    this.rules = tags.stream().map(Tags::rule).toList();
  }

  private static Rule rule(Tag tag) {
    String literal = tag.key();
    String regex = literal == null ? String.valueOf(tag.keyRegex()) : Pattern.quote(literal);
    return new Rule(tag.source(), Pattern.compile(regex), tag.tagName());
  }

  /** Adds what is chosen of an object of this kind; of two with one name the first rule counts. */
  void choose(Source source, @Nullable Map<String, String> given, Map<String, String> into) {
    if (given == null || given.isEmpty()) {
      return;
    }
    for (Rule rule : rules) {
      if (rule.from == source) {
        given.forEach((key, value) -> {
          Matcher matcher = rule.key.matcher(key);
          if (matcher.matches()) {
            into.putIfAbsent(name(rule, matcher, key), value);
          }
        });
      }
    }
  }

  private String name(Rule rule, Matcher matcher, String key) {
    if (rule.name == null) {
      return "k8s.%s.%s.%s".formatted(rule.from.name().toLowerCase(Locale.ROOT), what, key);
    }
    return rule.name.indexOf('$') < 0 ? rule.name : matcher.replaceFirst(rule.name);
  }
}
