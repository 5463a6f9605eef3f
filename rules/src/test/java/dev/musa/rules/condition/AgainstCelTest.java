package dev.musa.rules.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.musa.rules.Condition;
import dev.musa.rules.Otlp;
import dev.musa.rules.yaml.Problems;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.OtlpCursor;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/**
 * Holds compiled conditions against CEL's own interpreter. Where that has a value, both agree;
 * where it fails (absent keys, operands of unfit types), MUSA's own definition holds, which {@link
 * ConditionTest} tests.
 */
class AgainstCelTest {
  private static final List<String> KEYS = List.of("a", "b", "c.d", "absent");
  private static final List<String> TEXTS = List.of("", "a", "ab", "b", "größe", "GET /api", "B");
  private static final List<Double> REALS = List.of(0.0, -0.5, 1.0, 2.5, 1e19, -1e19, 3.0);
  private static final List<Long> NUMBERS =
      List.of(0L, 1L, 2L, 3L, -1L, 503L, Long.MAX_VALUE, Long.MIN_VALUE);

  private static final Pattern TWO_ATTRIBUTES =
      Pattern.compile("\\] (==|!=) (attributes|resource)\\[");

  private static final CelRuntime INTERPRETER =
      CelRuntimeFactory.plannerRuntimeBuilder().setOptions(Expressions.OPTIONS).build();

  private static final Expressions EXPRESSIONS = new Expressions(Map.of(), new Problems());

  /** One span, as OTLP and as CEL sees it. */
  record Subject(
      String name,
      int kind,
      int status,
      long nanos,
      Map<String, Object> attributes,
      Map<String, Object> resource) {
    OtlpCursor cursor() {
      return Otlp.span(
          resource,
          Span.newBuilder()
              .setName(name)
              .setKindValue(kind)
              .setStartTimeUnixNano(1)
              .setEndTimeUnixNano(1 + nanos)
              .setStatus(Status.newBuilder().setCodeValue(status))
              .addAllAttributes(Otlp.attributes(attributes))
              .build());
    }

    /** Without the attributes whose values are unfit. */
    Subject with(Predicate<Object> fit) {
      return new Subject(name, kind, status, nanos, kept(attributes, fit), kept(resource, fit));
    }

    private static Map<String, Object> kept(Map<String, Object> values, Predicate<Object> fit) {
      Map<String, Object> kept = new HashMap<>(values);
      kept.values().removeIf(fit.negate());
      return kept;
    }

    Map<String, Object> variables() {
      Map<String, Object> variables = new HashMap<>();
      variables.put("name", name);
      variables.put("kind", (long) kind);
      variables.put("status.code", (long) status);
      variables.put("status.message", "");
      variables.put("duration", Duration.ofNanos(nanos));
      variables.put("attributes", celMap(attributes));
      variables.put("resource", celMap(resource));
      variables.put("scope.name", "shop.http");
      variables.put("scope.version", "1.2");
      variables.put("scope.attributes", Map.of("layer", "edge"));
      variables.put("SERVER", 2L);
      variables.put("CLIENT", 3L);
      variables.put("ERROR", 2L);
      variables.put("OK", 1L);
      return variables;
    }

    private static Map<String, Object> celMap(Map<String, Object> values) {
      Map<String, Object> converted = new HashMap<>();
      values.forEach((key, value) ->
          converted.put(key, value instanceof byte[] bytes ? CelByteString.of(bytes) : value));
      return converted;
    }
  }

  @Property(tries = 4000)
  void compiledConditionsAgreeWithTheInterpreter(
      @ForAll("conditions") String text, @ForAll("subjects") Subject any)
      throws CelEvaluationException {
    if (text.contains("0.0 / 0.0")) {
      // Not a number: less than nothing by CEL's definition, the largest for its Java library.
      return;
    }
    Subject subject = any;
    if (text.contains(" + ")) {
      // CEL joins texts, lists and bytes by +, which conditions here do not.
      subject = subject.with(value -> value instanceof Number);
    }
    if (text.contains(" / ")) {
      subject = subject.with(value -> !value.equals(0.0));
    }
    if (TWO_ATTRIBUTES.matcher(text).find()) {
      // Two lists are never equal here.
      subject = subject.with(value -> !(value instanceof List));
    }
    Problems problems = new Problems();
    Checked checked = EXPRESSIONS.condition(Signal.TRACES, Expression.scalar(text, problems));
    if (checked == null) {
      // Literals of different types side by side do not pass the checker.
      Statistics.label("outcome").collect("not well typed");
      return;
    }
    Condition compiled = new Compiler(EXPRESSIONS, Signal.TRACES, problems).condition(checked);
    assertThat(problems.sorted()).as(text).isEmpty();

    boolean actual = compiled.test(subject.cursor());

    Object expected = interpret(checked.ast(), subject);
    if (expected instanceof Boolean) {
      assertThat(actual).as(text).isEqualTo(expected);
    }
    Statistics.label("outcome").collect(expected);
  }

  private static Object interpret(CelAbstractSyntaxTree ast, Subject subject) {
    try {
      return INTERPRETER.createProgram(ast).eval(subject.variables());
    } catch (CelEvaluationException e) {
      return "error";
    }
  }

  @Provide
  Arbitrary<String> conditions() {
    return Arbitraries.lazyOf(
        this::comparisons,
        this::comparisons,
        this::texts,
        this::memberships,
        this::presence,
        () -> conditions().map(condition -> "!(" + condition + ")"),
        () -> combine(conditions(), conditions(), "(%s) && (%s)"),
        () -> combine(conditions(), conditions(), "(%s) || (%s)"),
        () ->
            Combinators.combine(conditions(), conditions(), conditions())
                .as((test, then, otherwise) ->
                    "(%s) ? (%s) : (%s)".formatted(test, then, otherwise)));
  }

  private Arbitrary<String> comparisons() {
    Arbitrary<String> relation = Arbitraries.of("==", "!=", "<", "<=", ">", ">=");
    return Arbitraries.oneOf(
        Combinators.combine(values(), relation, values()).as("%s %s %s"::formatted),
        Combinators.combine(numbers(), relation, numbers()).as("%s %s %s"::formatted),
        Combinators.combine(
                Arbitraries.of("kind == SERVER", "status.code != OK", "kind in [SERVER, CLIENT]"),
                Arbitraries.of("", " && status.code == ERROR"))
            .as((first, second) -> first + second),
        relation.map(r -> "duration " + r + " duration(\"500ms\")"));
  }

  private Arbitrary<String> texts() {
    return Combinators.combine(
            Arbitraries.oneOf(Arbitraries.of("name"), attribute()),
            Arbitraries.of("startsWith", "endsWith", "contains", "matches"),
            Arbitraries.of(TEXTS))
        .as((target, function, text) -> target + "." + function + "(" + literal(text) + ")");
  }

  private Arbitrary<String> memberships() {
    Arbitrary<String> list =
        Arbitraries.oneOf(
                Arbitraries.of(TEXTS).map(AgainstCelTest::literal),
                Arbitraries.of(NUMBERS).map(AgainstCelTest::literal),
                Arbitraries.of(REALS).map(AgainstCelTest::literal))
            .list()
            .ofMaxSize(9)
            .map(elements -> "[" + String.join(", ", elements) + "]");
    return Arbitraries.oneOf(
        combine(attribute(), list, "%s in %s"),
        combine(attribute(), list, "%s == %s"),
        combine(Arbitraries.of(TEXTS).map(AgainstCelTest::literal), attribute(), "%s in %s"),
        combine(Arbitraries.of(NUMBERS).map(AgainstCelTest::literal), attribute(), "%s in %s"));
  }

  private Arbitrary<String> presence() {
    Arbitrary<String> key = Arbitraries.of(KEYS).map(AgainstCelTest::literal);
    return Arbitraries.oneOf(
        key.map(k -> "has(attributes[" + k + "])"),
        key.map(k -> k + " in resource"),
        attribute().map(a -> "size(" + a + ") > 1"),
        Arbitraries.of("size(name) == 5", "size(attributes) > 1"));
  }

  private Arbitrary<String> values() {
    return Arbitraries.oneOf(
        attribute(),
        attribute(),
        Arbitraries.of("name"),
        Arbitraries.of(TEXTS).map(AgainstCelTest::literal),
        numbers(),
        Arbitraries.of("true", "false", "null"));
  }

  private Arbitrary<String> numbers() {
    Arbitrary<String> simple =
        Arbitraries.oneOf(
            attribute(),
            Arbitraries.of(NUMBERS).map(AgainstCelTest::literal),
            Arbitraries.of(REALS).map(AgainstCelTest::literal));
    return Arbitraries.oneOf(
        simple,
        Combinators.combine(simple, Arbitraries.of("+", "-", "*", "/", "%"), simple)
            .as("(%s %s %s)"::formatted));
  }

  private Arbitrary<String> attribute() {
    return combine(
        Arbitraries.of("attributes", "resource"),
        Arbitraries.of(KEYS).map(AgainstCelTest::literal),
        "%s[%s]");
  }

  @Provide
  Arbitrary<Subject> subjects() {
    return Combinators.combine(
            Arbitraries.of(TEXTS),
            Arbitraries.integers().between(0, 5),
            Arbitraries.integers().between(0, 2),
            Arbitraries.of(0L, 500_000_000L, 500_000_001L, 3_000_000_000L),
            attributeMap(),
            attributeMap())
        .as(Subject::new);
  }

  private static Arbitrary<Map<String, Object>> attributeMap() {
    Arbitrary<Object> scalar =
        Arbitraries.oneOf(
            Arbitraries.of(TEXTS).map(Object.class::cast),
            Arbitraries.of(NUMBERS).map(Object.class::cast),
            Arbitraries.of(REALS).map(Object.class::cast),
            Arbitraries.of(true, false).map(Object.class::cast));
    Arbitrary<Object> value =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(6, scalar),
            net.jqwik.api.Tuple.of(1, scalar.list().ofMaxSize(4).map(Object.class::cast)),
            net.jqwik.api.Tuple.of(
                1, Arbitraries.of(TEXTS).map(text -> text.getBytes(StandardCharsets.UTF_8))));
    return Arbitraries.maps(Arbitraries.of("a", "b", "c.d"), value).ofMaxSize(3);
  }

  private static Arbitrary<String> combine(Arbitrary<String> a, Arbitrary<String> b, String form) {
    return Combinators.combine(a, b).as(form::formatted);
  }

  private static String literal(String text) {
    return '"' + text + '"';
  }

  private static String literal(Number number) {
    String text = number.toString();
    return text.startsWith("-") ? "(" + text + ")" : text;
  }
}
