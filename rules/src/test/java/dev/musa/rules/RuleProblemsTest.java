package dev.musa.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the user is told about a rule set that is wrong. */
class RuleProblemsTest {
  private static final String HEADER = "apiVersion: musa.dev/v1\nkind: Rules\n";
  private static final String SAMPLE =
      HEADER + "traces:\n- name: tail\n  sample: {decide: {after: 1s}, policies: [%s]}\n";

  @Test
  void format_showsTheLineWithACaretBelowTheMistake() {
    Problem problem =
        problems(HEADER + "logs:\n  - name: x\n    when: severty >= ERROR\n    drop: record\n")
            .getFirst();

    assertThat(problem.format())
        .isEqualTo(
            """
            a.yaml:5:11: 'severty' is not known for logs
              5 |     when: severty >= ERROR
                |           ^
              expected: 'severity'\
            """);
  }

  @Test
  void allProblemsAreReportedInTheOrderOfTheFile() {
    List<Problem> problems =
        problems(
            """
            apiVersion: musa.dev/v0
            kind: Rule
            traces:
              - name: a
                when: nme == "x"
                drop: spam
              - name: a
                hash: [attributes["a"], resource["b"]]
                when: kind == SERVR && duration > 5
            loggs: []
            """);

    assertThat(problems)
        .extracting(problem -> problem.line() + ":" + problem.column())
        .containsExactly(
            "1:13", "2:7", "5:11", "6:11", "7:11", "8:12", "8:29", "9:19", "9:37", "10:1");
  }

  @Test
  void conditionBeyondThe64thPolicy_isRefused() {
    String policies =
        IntStream.rangeClosed(1, 65)
            .mapToObj(i -> "{name: p%d, keep: {anySpan: kind == %d}}".formatted(i, i % 5))
            .collect(Collectors.joining(", "));

    assertThat(problems(SAMPLE.formatted(policies)))
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .contains("p65");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          - {name: a, drop: record, keep: severity > 1}     | several actions: drop, keep
          - {name: a}                                       | no action
          - {drop: record}                                  | 'name' is missing
          - {name: a b, drop: record}                       | cannot be a name
          - {name: a, drop: span}                           | 'span' cannot be dropped here
          - {name: a, sample: {}}                           | 'sample' cannot be done with logs
          - {name: a, dorp: record}                         | unknown key 'dorp'
          - {name: a, drop: record, drop: record}           | occurs twice
          - {name: a, drop: [record]}                       | unexpected list
          - {name: a, keep: severity}                       | type int, not a condition
          - {name: a, when: unknown, drop: record}          | 'unknown' is not known for logs
          - {name: a, limit: {items: 0, per: 1m}}           | unexpected '0'
          - {name: a, limit: {items: -5, per: 1m}}          | unexpected '-5'
          - {name: a, limit: {items: 1.5, per: 1m}}         | unexpected '1.5'
          - {name: a, limit: {items: 5}}                    | 'per' is missing
          - {name: a, limit: {items: 5, per: 0s}}           | a duration of nothing
          - {name: a, limit: {items: 5, per: 25h}}          | too long
          - {name: a, limit: {items: 5, per: 5}}            | unexpected '5'
          - {name: a, limit: {items: 5, per: 1m, burst: 0}} | unexpected '0'
          - {name: a, limit: {items: 5, per: 1m, by: x}}    | unexpected 'x'
          - {name: a, limit: {items: 5, per: 1m, by: [x]}}  | 'x' is not known for logs
          - {name: a, hash: [body]}                         | not the place of an attribute
          - {name: a, hash: attributes.x}                   | unexpected 'attributes.x'
          - a                                               | unexpected 'a'
          """)
  void logSteps(String step, String message) {
    assertThat(problems(HEADER + "logs:\n" + step + "\n"))
        .anySatisfy(problem -> {
          assertThat(problem.line()).isEqualTo(4);
          assertThat(problem.message()).contains(message);
          assertThat(problem.expected()).isNotBlank();
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {namespace: attributes.n}                                | 'pod' is missing
          {pod: attributes.p}                                      | 'namespace' is missing
          {pod: attributes.p, namespace: attributes.n, pdo: x}     | unknown key 'pdo'
          {pod: pod, namespace: attributes.n}                      | not the place of an attribute
          {pod: metric.name, namespace: attributes.n}              | not the place of an attribute
          {pod: [attributes.p], namespace: attributes.n}           | unexpected list
          {pod: attributes.p, namespace: resource.n}               | no attribute of a data point
          {pod: attributes.p, namespace: attributes.n, container: resource.c} | no attribute of a data
          {pod: attributes.p, namespace: attributes.n, attributes: []}        | an empty list
          {pod: attributes.p, namespace: attributes.n, attributes: a}         | unexpected 'a'
          {pod: attributes.p, namespace: attributes.n, attributes: ['resource["a"]']} | not the name
          attributes.pod                                           | unexpected 'attributes.pod'
          """)
  void joins(String join, String message) {
    assertThat(problems(HEADER + "metrics:\n- {name: a, join: " + join + "}\n"))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.line()).isEqualTo(4);
          assertThat(problem.message()).contains(message);
          assertThat(problem.expected()).isNotBlank();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"traces", "logs"})
  void nothingButMetricsIsJoined(String signal) {
    String step = ":\n- name: a\n  join: {pod: attributes.p, namespace: attributes.n}\n";

    assertThat(problems(HEADER + signal + step))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.line() + ":" + problem.column()).isEqualTo("5:3");
          assertThat(problem.message()).isEqualTo("'join' cannot be done with " + signal);
        });
    assertThat(problems(HEADER + "metrics" + step)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {name: p, keep: {probability: 1.01}}       | unexpected '1.01'
          {name: p, keep: {probability: -0.1}}       | unexpected '-0.1'
          {name: p, keep: {probability: NaN}}        | unexpected 'NaN'
          {name: p, keep: {probability: half}}       | unexpected 'half'
          {name: p, keep: {longerThan: -1s}}         | unexpected '-1s'
          {name: p, keep: {longerThn: 1s}}           | unknown key 'longerThn'
          {name: p, keep: {}}                        | no particular traces
          {name: p}                                  | neither keep nor drop
          {name: p, keep: {anySpan: severity > 1}}   | 'severity' is not known for traces
          {name: tail, keep: {probability: 1}}       | used twice
                                                     | no policy
          """)
  void policies(String policy, String message) {
    assertThat(problems(SAMPLE.formatted(policy == null ? "" : policy)))
        .anySatisfy(problem -> assertThat(problem.message()).contains(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a: b, b: c, c: a          | 'a' uses itself: a -> b -> c -> a
          a: a                      | 'a' uses itself: a -> a
          attributes: true          | already means something
          status: true              | already means something
          a-b: true                 | cannot be the name
          a: nme == 1               | 'nme' is not known
          a: scope.name             | not a condition
          a: true, a: false         | occurs twice
          a:                        | unexpected empty value
          """)
  void conditions(String conditions, String message) {
    assertThat(problems(HEADER + "conditions: {" + conditions + "}\n"))
        .anySatisfy(problem -> assertThat(problem.message()).contains(message));
  }

  @Test
  void namedConditions_areCheckedForEachSignalThatUsesThem() {
    String rules =
        HEADER
            + """
            conditions:
              severe: severity >= ERROR
            logs: [{name: a, when: severe, drop: record}]
            """;

    assertThat(problems(rules)).isEmpty();
    assertThat(problems(rules + "traces: [{name: a, when: severe, drop: span}]\n"))
        .singleElement()
        .satisfies(problem -> assertThat(problem.toString()).contains("a.yaml:4:11", "traces"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          when: !(name == "x")                | `'!(name == "x")'`                | 11
          when: "x" in attributes["l"]        | `'"x" in attributes["l"]'`        | 11
          when: name == "a: b"                | `'name == "a: b"'`                | 11
          when: kind == OK ? true : false     | `'kind == OK ? true : false'`     | 11
          when: name == "a #b"                | `in single quotes`                | 19
          hash: [attributes["a"]]             | `'attributes["a"]'`               | 12
          hash: [resource['a']]               | `'resource[''a'']'`               | 12
          """)
  void forgottenQuotesAreNamedWithTheRemedy(String line, String remedy, int column) {
    assertThat(problems(HEADER + "traces:\n  - name: a\n    " + line + "\n"))
        .anySatisfy(problem -> {
          assertThat(problem.expected()).contains(remedy);
          assertThat(problem.line()).isEqualTo(5);
          assertThat(problem.column()).isEqualTo(column);
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          'name == ''it'' && nme == 1'               ; 4:28
          "name == \\"it\\" && nme == 1"             ; 4:28
          name == "it" && nme == 1                   ; 4:25
          |-\\n   name == "it" &&\\n   nme == 1      ; 6:4
          >-\\n   name == "it" &&\\n   nme == 1      ; 6:4
          name == "it" &&\\n    nme == 1             ; 5:5
          'name == "ü😀" && nme == 1'                ; 4:27
          """)
  void problemsInExpressionsPointIntoTheYamlText(String expression, String position) {
    String yaml = HEADER + "traces:\n- when: PLACE\n  name: a\n  drop: span\n";
    String rules = yaml.replace("PLACE", expression.replace("\\n", "\n"));

    assertThat(problems(rules))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.message()).contains("'nme'");
          assertThat(problem.line() + ":" + problem.column()).isEqualTo(position);
          assertThat(problem.sourceLine().substring(problem.column() - 1)).startsWith("nme");
        });
  }

  @Test
  void resourceIsHashedByResourceConditionsOnly() {
    String step = "logs: [{name: a, hash: [resource.host], when: %s}]\n";

    assertThat(problems(HEADER + step.formatted("severity > 1")))
        .singleElement()
        .satisfies(problem -> assertThat(problem.expected()).contains("resource[...] only"));
    assertThat(
            problems(
                HEADER
                    + "conditions: {deep: severity > 1, inner: deep}\n"
                    + step.formatted("inner")))
        .hasSize(1);
    assertThat(problems(HEADER + step.formatted("resource.env == 'prod'"))).isEmpty();
  }

  @Test
  void metricsAreDroppedWholeByWhatTheirPointsShare() {
    String step = "metrics: [{name: a, drop: %s, when: attributes.pod == 'x'}]\n";

    assertThat(problems(HEADER + step.formatted("metric"))).hasSize(1);
    assertThat(problems(HEADER + step.formatted("point"))).isEmpty();
  }

  @Test
  void dropTrace_needsASamplerBehindItAndNoSpanStepBetween() {
    String drop = "- {name: d, drop: trace}\n";
    String sample =
        "- {name: s, sample: {decide: {after: 1s}, policies: [{name: p, keep: {probability:"
            + " 1}}]}}\n";
    String span = "- {name: x, drop: span}\n";

    assertThat(problems(HEADER + "traces:\n" + drop + sample)).isEmpty();
    assertThat(problems(HEADER + "traces:\n" + span + drop + sample)).isEmpty();
    assertThat(problems(HEADER + "traces:\n" + drop)).hasSize(1);
    assertThat(problems(HEADER + "traces:\n" + sample + drop)).hasSize(1);
    assertThat(problems(HEADER + "traces:\n" + drop + span + sample)).hasSize(1);
    assertThat(problems(HEADER + "traces:\n" + sample + sample.replace("name: ", "name: z")))
        .hasSize(1);
  }

  @Test
  void from_isNowOrBacklogAndTheSameInAllFiles() throws Exception {
    assertThat(problems(HEADER + "from: yesterday\n")).hasSize(1);
    assertThat(RuleSet.load(Map.of("a.yaml", HEADER + "from: backlog\n"), null).isFromBacklog())
        .isTrue();
    assertThat(RuleSet.load(Map.of("a.yaml", HEADER), null).isFromBacklog()).isFalse();
    assertThat(
            problems(
                Map.of("a.yaml", HEADER + "from: backlog\n", "b.yaml", HEADER + "from: now\n")))
        .singleElement()
        .satisfies(problem -> assertThat(problem.file()).isEqualTo("b.yaml"));
  }

  @Test
  void namesAndConditionsAreUniqueAcrossFiles() {
    String file =
        HEADER + "conditions: {c: severity > 1}\nlogs: [{name: a, when: c, drop: record}]\n";

    assertThat(problems(Map.of("a.yaml", file, "b.yaml", file)))
        .extracting(Problem::file, Problem::line)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("b.yaml", 3),
            org.assertj.core.groups.Tuple.tuple("b.yaml", 4));
  }

  @Test
  void whatIsNoYamlIsReportedForEachFile() {
    assertThat(
            problems(
                Map.of(
                    "a.yaml", "",
                    "b.yaml", HEADER + "\tlogs: []\n",
                    "c.yaml", "- a\n",
                    "d.yaml", "a: b\n---\nc: d\n")))
        .extracting(Problem::file)
        .contains("a.yaml", "b.yaml", "c.yaml", "d.yaml");
  }

  @Test
  void deeplyNestedExpressionsAreRefused() {
    String nested = "(".repeat(5000) + "true" + ")".repeat(5000);

    assertThat(problems(HEADER + "logs: [{name: a, when: '" + nested + "', drop: record}]\n"))
        .hasSize(1);
  }

  private static List<Problem> problems(String rules) {
    return problems(Map.of("a.yaml", rules));
  }

  private static List<Problem> problems(Map<String, String> files) {
    try {
      RuleSet.load(files, HashKey.forChecking());
      return List.of();
    } catch (RuleException e) {
      return e.problems();
    }
  }
}
