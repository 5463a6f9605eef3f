package dev.musa.k8s;

import dev.musa.k8s.KubernetesConfig.Extract;
import dev.musa.k8s.KubernetesConfig.Source;
import dev.musa.k8s.KubernetesConfig.Tag;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns labels and annotations into attributes, by the configured names. */
final class Tags {
  private final List<Rule> labels;
  private final List<Rule> annotations;

  /**
   * @param usualName of the attribute, with the key behind it, unless {@code name} says another
   */
  private record Rule(Source from, Pattern key, String usualName, @Nullable String name) {
    String nameOf(String givenKey, Matcher matcher) {
      if (name == null) {
        return usualName + givenKey;
      }
      return name.indexOf('$') < 0 ? name : matcher.replaceFirst(name);
    }
  }

  Tags(Extract extract) {
    this.labels = rules("label", extract.labels());
    this.annotations = rules("annotation", extract.annotations());
  }

  private static List<Rule> rules(String what, List<Tag> tags) {
    return tags.stream().map(tag -> rule(what, tag)).toList();
  }

  private static Rule rule(String what, Tag tag) {
    String literal = tag.key();
    String regex = literal == null ? String.valueOf(tag.keyRegex()) : Pattern.quote(literal);
    String of = tag.source().name().toLowerCase(Locale.ROOT);
    return new Rule(
        tag.source(), Pattern.compile(regex), "k8s." + of + "." + what + ".", tag.tagName());
  }

  /** Adds what is chosen of an object of this kind; of two with one name the first rule counts. */
  void choose(Source source, ObjectMeta meta, Map<String, String> into) {
    choose(labels, source, meta.getLabels(), into);
    choose(annotations, source, meta.getAnnotations(), into);
  }

  private static void choose(
      List<Rule> rules,
      Source source,
      @Nullable Map<String, String> given,
      Map<String, String> into) {
    if (given == null) {
      return;
    }
    for (Rule rule : rules) {
      if (rule.from == source) {
        given.forEach((key, value) -> {
          Matcher matcher = rule.key.matcher(key);
          if (matcher.matches()) {
            into.putIfAbsent(rule.nameOf(key, matcher), value);
          }
        });
      }
    }
  }
}
