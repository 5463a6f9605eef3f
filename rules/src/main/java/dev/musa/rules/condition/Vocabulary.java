package dev.musa.rules.condition;

import dev.musa.rules.condition.Variable.AnyField;
import dev.musa.rules.condition.Variable.AttributeMap;
import dev.musa.rules.condition.Variable.NumberField;
import dev.musa.rules.condition.Variable.TextField;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.SpanView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The names that conditions for one signal may use. */
final class Vocabulary {
  /** A named number and the one field that it may be compared with. */
  record NamedNumber(String name, long value, String field) {}

  private static final Map<Signal, Vocabulary> BY_SIGNAL =
      Map.of(
          Signal.TRACES, new Vocabulary(traces(), traceNumbers()),
          Signal.LOGS, new Vocabulary(logs(), logNumbers()),
          Signal.METRICS, new Vocabulary(metrics(), List.of()));

  private final Map<String, Variable> variables = new LinkedHashMap<>();
  private final Map<String, NamedNumber> numbers = new LinkedHashMap<>();

  private Vocabulary(List<Variable> ofSignal, List<NamedNumber> numbers) {
    for (Variable variable : ofSignal) {
      variables.put(variable.name(), variable);
    }
    for (Variable variable : common()) {
      variables.put(variable.name(), variable);
    }
    for (NamedNumber number : numbers) {
      this.numbers.put(number.name(), number);
    }
  }

  static Vocabulary of(Signal signal) {
    return BY_SIGNAL.getOrDefault(signal, new Vocabulary(List.of(), List.of()));
  }

  /** All names of all signals, which a named condition may therefore not have. */
  static Set<String> reserved() {
    Set<String> names = new TreeSet<>();
    for (Vocabulary vocabulary : BY_SIGNAL.values()) {
      for (String name : vocabulary.names()) {
        names.add(name.contains(".") ? name.substring(0, name.indexOf('.')) : name);
      }
    }
    return names;
  }

  Map<String, Variable> variables() {
    return variables;
  }

  Map<String, NamedNumber> numbers() {
    return numbers;
  }

  Set<String> names() {
    Set<String> names = new TreeSet<>(variables.keySet());
    names.addAll(numbers.keySet());
    return names;
  }

  private static List<Variable> common() {
    return List.of(
        new AttributeMap("attributes", Level.ITEM, at -> at.item().attributes()),
        new AttributeMap("resource", Level.RESOURCE, at -> at.resource().attributes()),
        new AttributeMap("scope.attributes", Level.SCOPE, at -> at.scope().attributes()),
        new TextField("scope.name", Level.SCOPE, at -> at.scope().name()),
        new TextField("scope.version", Level.SCOPE, at -> at.scope().version()));
  }

  private static List<Variable> traces() {
    return List.of(
        new TextField("name", Level.ITEM, at -> at.span().name()),
        number("kind", at -> at.span().kind()),
        number("status.code", at -> at.span().statusCode()),
        new TextField("status.message", Level.ITEM, at -> at.span().statusMessage()),
        new NumberField("duration", Variable.DURATION, Level.ITEM, at -> durationNanos(at.span())));
  }

  private static List<Variable> logs() {
    return List.of(
        number("severity", at -> at.logRecord().severityNumber()),
        new TextField("severity_text", Level.ITEM, at -> at.logRecord().severityText()),
        new TextField("event_name", Level.ITEM, at -> at.logRecord().eventName()),
        new AnyField("body", Level.ITEM, Fields.Body::new));
  }

  private static List<Variable> metrics() {
    return List.of(
        new TextField("metric.name", Level.METRIC, at -> at.metric().name()),
        new TextField("metric.unit", Level.METRIC, at -> at.metric().unit()),
        new TextField("metric.description", Level.METRIC, at -> at.metric().description()));
  }

  private static NumberField number(String name, NumberField.NumberSource source) {
    return new NumberField(name, Variable.WHOLE_NUMBER, Level.ITEM, source);
  }

  private static List<NamedNumber> traceNumbers() {
    List<NamedNumber> numbers = new ArrayList<>();
    numbers.addAll(enumerate("kind", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"));
    numbers.add(new NamedNumber("UNSET", 0, "status.code"));
    numbers.addAll(enumerate("status.code", "OK", "ERROR"));
    return numbers;
  }

  /** Severities are numbered in steps of four. */
  private static List<NamedNumber> logNumbers() {
    List<NamedNumber> numbers = new ArrayList<>();
    for (NamedNumber each :
        enumerate("severity", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")) {
      numbers.add(new NamedNumber(each.name(), 4 * each.value() - 3, each.field()));
    }
    return numbers;
  }

  private static List<NamedNumber> enumerate(String field, String... names) {
    List<NamedNumber> numbers = new ArrayList<>();
    for (String name : names) {
      numbers.add(new NamedNumber(name, numbers.size() + 1L, field));
    }
    return numbers;
  }

  /** From start to end; a span that ends before it starts, or not at all, took no time. */
  private static long durationNanos(SpanView span) {
    long start = span.startTimeUnixNano();
    long end = span.endTimeUnixNano();
    if (Long.compareUnsigned(end, start) <= 0) {
      return 0;
    }
    long nanos = end - start;
    return nanos < 0 ? Long.MAX_VALUE : nanos;
  }
}
