package dev.musa.rules.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.musa.rules.yaml.Problems;
import dev.musa.rules.yaml.Scalar;
import dev.musa.schemas.Signal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The conditions of a rule set that have a name; each is checked for every signal that uses it. */
public final class NamedConditions {
  private final Expressions expressions;
  private final Problems problems;
  private final Map<String, Scalar> texts;

  /** Which other conditions each uses; without those that cannot be parsed or are cyclic. */
  private final Map<String, Set<String>> uses = new LinkedHashMap<>();

  private final Map<Signal, Map<String, Checked>> checked = new EnumMap<>(Signal.class);
  private final Map<Signal, Set<String>> refused = new EnumMap<>(Signal.class);
  private final Set<String> used = new HashSet<>();

  NamedConditions(Expressions expressions, Map<String, Scalar> texts, Problems problems) {
    this.expressions = expressions;
    this.problems = problems;
    this.texts = new LinkedHashMap<>(texts);
    this.texts.forEach((name, text) -> {
      CelAbstractSyntaxTree parsed = expressions.parse(text);
      if (parsed != null) {
        Set<String> names = new LinkedHashSet<>(Names.in(parsed.getExpr()));
        names.retainAll(texts.keySet());
        uses.put(name, names);
      }
    });
    refuseCycles();
  }

  Set<String> names() {
    return texts.keySet();
  }

  boolean contains(String name) {
    return texts.containsKey(name);
  }

  /** The condition as checked for the signal; null if it is wrong, which is reported once. */
  @Nullable Checked get(String name, Signal signal) {
    used.add(name);
    Checked known = checked.computeIfAbsent(signal, _ -> new HashMap<>()).get(name);
    Set<String> wrong = refused.computeIfAbsent(signal, _ -> new HashSet<>());
    Scalar text = texts.get(name);
    if (known != null || text == null || !uses.containsKey(name) || wrong.contains(name)) {
      return known;
    }
    Checked result = expressions.condition(signal, text);
    if (result == null) {
      wrong.add(name);
    } else {
      checked.computeIfAbsent(signal, _ -> new HashMap<>()).put(name, result);
    }
    return result;
  }

  /**
   * Checks what no step uses: it has to be right for at least one signal; if it is for none, what
   * is wrong with it for the signal that it fits best is reported.
   */
  public void checkUnused() {
    for (String name : uses.keySet()) {
      if (!used.contains(name)) {
        checkUnused(name);
      }
    }
  }

  private void checkUnused(String name) {
    Problems fewest = null;
    for (Signal signal : Signal.values()) {
      Problems found = new Problems();
      Scalar text = texts.get(name);
      if (text == null) {
        return;
      }
      Checked result = expressions.condition(signal, text.reportingTo(found));
      if (result != null) {
        new Compiler(expressions, signal, found).condition(result);
      }
      if (found.isEmpty()) {
        return;
      }
      fewest = fewest == null || found.size() < fewest.size() ? found : fewest;
    }
    if (fewest != null) {
      problems.addAll(fewest);
    }
  }

  private void refuseCycles() {
    Set<String> cyclic = new HashSet<>();
    for (String name : uses.keySet()) {
      List<String> path = pathTo(name, name, new HashSet<>());
      if (path != null) {
        cyclic.add(name);
        Scalar text = texts.get(name);
        if (text != null) {
          text.refuse(
              "the condition '" + name + "' uses itself: " + String.join(" -> ", path),
              "conditions that do not go round in circles");
        }
      }
    }
    uses.keySet().removeAll(cyclic);
  }

  /** From one condition through those that it uses to the target, or null. */
  private @Nullable List<String> pathTo(String target, String from, Set<String> visited) {
    for (String next : uses.getOrDefault(from, Set.of())) {
      List<String> rest =
          next.equals(target)
              ? List.of(target)
              : visited.add(next) ? pathTo(target, next, visited) : null;
      if (rest != null) {
        List<String> path = new ArrayList<>(List.of(from));
        path.addAll(rest);
        return path;
      }
    }
    return null;
  }
}
