package dev.musa.rules;

import dev.musa.rules.condition.Compiler;
import dev.musa.rules.condition.Expressions;
import dev.musa.rules.yaml.Mapping;
import dev.musa.rules.yaml.Position;
import dev.musa.rules.yaml.Problems;
import dev.musa.rules.yaml.Scalar;
import dev.musa.rules.yaml.SourceText;
import dev.musa.rules.yaml.Value;
import dev.musa.rules.yaml.YamlFile;
import dev.musa.schemas.Signal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the files of a rule set, merges them in the order of their names and checks the whole. */
final class RuleReader {
  private static final String API_VERSION = "musa.dev/v1";
  private static final String KIND = "Rules";
  private static final Set<String> KEYS =
      Set.of("apiVersion", "kind", "from", "conditions", "traces", "logs", "metrics");
  private static final Pattern IDENTIFIER = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");

  private final Problems problems = new Problems();
  private final @Nullable HashKey hashKey;
  private final Map<String, Scalar> conditions = new LinkedHashMap<>();
  private final Map<Signal, List<Value>> steps = new EnumMap<>(Signal.class);
  private boolean complete = true;
  private @Nullable Scalar from;

  RuleReader(@Nullable HashKey hashKey) {
    this.hashKey = hashKey;
    for (Signal signal : Signal.values()) {
      steps.put(signal, new ArrayList<>());
    }
  }

  CheckedRules read(Map<String, String> filesByName) throws RuleException {
    new TreeMap<>(filesByName).forEach(this::readFile);
    Expressions expressions = new Expressions(conditions, problems);
    Map<Signal, List<StepPlan>> plans = new EnumMap<>(Signal.class);
    // What a file that cannot be read holds is unknown, so nothing can be said about the whole.
    if (complete) {
      steps.forEach((signal, values) -> plans.put(signal, plans(signal, values, expressions)));
      expressions.named().checkUnused();
    }
    if (!problems.isEmpty()) {
      throw new RuleException(problems.sorted());
    }
    return new CheckedRules(expressions, plans, from != null && from.text().equals("backlog"));
  }

  private List<StepPlan> plans(Signal signal, List<Value> values, Expressions expressions) {
    StepReader reader = new StepReader(signal, expressions, hashKey, problems);
    for (Value value : values) {
      reader.read(value);
    }
    List<StepPlan> plans = reader.finish();
    Compiler compiler = new Compiler(expressions, signal, problems);
    plans.forEach(plan -> plan.compile(compiler));
    return plans;
  }

  private void readFile(String name, String content) {
    Value root = YamlFile.read(new SourceText(name, content), content, problems);
    Mapping mapping = root == null ? null : root.mapping("the keys apiVersion, kind and rules");
    if (mapping == null) {
      complete = false;
      return;
    }
    mapping.allow(KEYS);
    readConstant(mapping, "apiVersion", API_VERSION);
    readConstant(mapping, "kind", KIND);
    readFrom(mapping);
    Value conditionValue = mapping.get("conditions");
    if (conditionValue != null) {
      readConditions(conditionValue);
    }
    for (Signal signal : Signal.values()) {
      Value list = mapping.get(signal.label());
      if (list != null) {
        steps
            .computeIfAbsent(signal, _ -> new ArrayList<>())
            .addAll(list.list("a list of steps, each beginning with - name:"));
      }
    }
  }

  private static void readConstant(Mapping mapping, String key, String expected) {
    Value value = mapping.require(key, expected);
    Scalar text = value == null ? null : value.text(expected);
    if (text != null && !text.text().equals(expected)) {
      text.refuse("unexpected " + key + " '" + text.text() + "'", expected);
    }
  }

  private void readFrom(Mapping mapping) {
    Value value = mapping.get("from");
    Scalar text = value == null ? null : value.text("now or backlog");
    if (text == null) {
      return;
    }
    if (!Set.of("now", "backlog").contains(text.text())) {
      text.refuse(
          "unexpected '" + text.text() + "'",
          "now (records that come in from the activation on) or backlog (also what is not"
              + " processed yet)");
    } else if (from != null && !from.text().equals(text.text())) {
      text.refuse(
          "'from' is "
              + text.text()
              + " here and "
              + from.text()
              + " in "
              + from.position().source().name(),
          "the same in all files, as they make one rule set");
    }
    from = text;
  }

  private void readConditions(Value value) {
    Mapping mapping = value.mapping("names, each with a condition");
    if (mapping == null) {
      return;
    }
    Set<String> reserved = Expressions.reservedNames();
    for (String name : mapping.keys()) {
      Value condition = mapping.get(name);
      Scalar text = condition == null ? null : condition.text("a condition");
      Position at = mapping.keyPosition(name);
      if (!IDENTIFIER.matcher(name).matches()) {
        problems.add(
            at, "'" + name + "' cannot be the name of a condition", "letters, digits and _");
      } else if (reserved.contains(name)) {
        problems.add(
            at, "the name '" + name + "' already means something in conditions", "another name");
      } else if (conditions.containsKey(name)) {
        problems.add(
            at,
            "the condition '"
                + name
                + "' is already defined in "
                + conditions.get(name).position().source().name(),
            "each name once in all files");
      } else if (text != null) {
        conditions.put(name, text);
      }
    }
  }
}
