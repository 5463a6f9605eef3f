package dev.musa.k8s.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** There is no Grafana in a build, so this holds what it would show against what MUSA exports. */
class DashboardsTest {
  private static final Path DASHBOARDS = Path.of("chart", "dashboards");
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** The newest format that the oldest Grafana which is still maintained reads. */
  private static final int SCHEMA_VERSION = 39;

  private static final int COLUMNS = 24;

  /** What whoever scrapes adds. */
  private static final Set<String> SCRAPED = Set.of("namespace", "instance");

  /** Names that label_replace makes. */
  private static final Set<String> MADE = Set.of("sink");

  private static final Map<String, Set<String>> VALUES =
      Map.of(
          "signal",
          Set.of("traces", "logs", "metrics"),
          "stage",
          Set.of("collector", "processors", "sink:.+"),
          "outcome",
          Set.of(
              "accepted",
              "refused",
              "processed",
              "waiting",
              "dropped",
              "limited",
              "sampled_out",
              "deadlettered",
              "delivered",
              "unroutable",
              "expired"));

  private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{(\\w+)}}");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");

  static Stream<String> names() {
    return files().keySet().stream();
  }

  @Test
  void thereIsOneOfMusaAndOneOfEachSignal() {
    assertThat(names()).containsExactly("logs", "metrics", "musa", "traces");
  }

  @Test
  void uids_areUnique_becauseLinksAreMadeOfThem() {
    assertThat(files().values().stream().map(board -> board.path("uid").asString()))
        .doesNotHaveDuplicates()
        .allMatch(uid -> uid.matches("[a-z][a-z-]{0,39}"));
  }

  @ParameterizedTest
  @MethodSource("names")
  void board_isWhole(String name) {
    JsonNode board = files().get(name);

    assertThat(board.path("title").asString()).startsWith("MUSA");
    assertThat(board.path("schemaVersion").asInt()).isEqualTo(SCHEMA_VERSION);
    assertThat(board.path("description").asString()).isNotBlank();
    assertThat(board.path("tags").valueStream().map(JsonNode::asString)).contains("musa");
    // With an id Grafana would take it for the dashboard that has this id there.
    assertThat(board.has("id")).isFalse();
    assertThat(variables(board)).contains("datasource", "namespace");
    assertThat(board.path("templating").path("list").get(0).path("type").asString())
        .isEqualTo("datasource");
  }

  @ParameterizedTest
  @MethodSource("names")
  void panels_sayWhatTheyShow(String name) {
    JsonNode board = files().get(name);
    Set<Integer> ids = new HashSet<>();
    for (JsonNode panel : board.path("panels")) {
      String title = panel.path("title").asString();
      assertThat(title).isNotBlank();
      assertThat(ids.add(panel.path("id").asInt())).as("id of " + title).isTrue();
      if (isRow(panel)) {
        continue;
      }
      assertThat(panel.path("description").asString()).as(title).endsWith(".");
      assertThat(panel.path("fieldConfig").path("defaults").path("unit").asString())
          .as("unit of " + title)
          .isNotBlank();
      assertThat(panel.path("targets").size()).as("targets of " + title).isPositive();
      assertDataSource(panel, title);
      panel.path("targets").forEach(target -> assertDataSource(target, title));
    }
    assertThat(titles(board)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("names")
  void panels_standBesideEachOther_figuresFirst(String name) {
    List<JsonNode> panels = files().get(name).path("panels").valueStream().toList();
    Set<List<Integer>> taken = new HashSet<>();
    for (JsonNode panel : panels) {
      JsonNode place = panel.path("gridPos");
      int right = place.path("x").asInt() + place.path("w").asInt();
      assertThat(right).as(panel.path("title").asString()).isLessThanOrEqualTo(COLUMNS);
      for (int x = place.path("x").asInt(); x < right; x++) {
        for (int y = 0; y < place.path("h").asInt(); y++) {
          assertThat(taken.add(List.of(x, place.path("y").asInt() + y)))
              .as(panel.path("title").asString() + " covers another")
              .isTrue();
        }
      }
    }
    List<String> types = panels.stream().map(panel -> panel.path("type").asString()).toList();
    int stats = types.indexOf("row");
    assertThat(types.subList(0, stats)).isNotEmpty().containsOnly("stat");
    assertThat(types.subList(stats, types.size())).doesNotContain("stat");
    assertThat(
            panels.subList(0, stats).stream()
                .mapToInt(panel -> panel.path("gridPos").path("w").asInt())
                .sum())
        .isEqualTo(COLUMNS);
  }

  @ParameterizedTest
  @MethodSource("names")
  void expressions_askForWhatMusaExports(String name) {
    JsonNode board = files().get(name);
    for (String expression : expressions(board)) {
      PromQl query = PromQl.parse(expression);
      assertThat(query.selectors()).as(expression).isNotEmpty();
      assertThat(query.strays()).as("without a selector in " + expression).isEmpty();
      query.selectors().forEach(selector -> assertExported(selector, expression));
      assertThat(query.grouping())
          .as("grouping of " + expression)
          .isSubsetOf(labelsOf(query.selectors()));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void expressions_areOfTheChosenInstallation(String name) {
    JsonNode board = files().get(name);
    boolean byInstance = variables(board).contains("instance");
    for (String expression : expressions(board)) {
      for (PromQl.Selector selector : PromQl.parse(expression).selectors()) {
        assertThat(selector.valueOf("namespace")).as(expression).isEqualTo("$namespace");
        // Control alone exports the ledger and how far groups are, for all.
        if (byInstance && board.path("uid").asString().equals("musa") && isOfOneProcess(selector)) {
          assertThat(selector.valueOf("instance")).as(expression).isEqualTo("$instance");
        }
      }
      Matcher variable = VARIABLE.matcher(expression.replaceAll("label_replace\\(.*", ""));
      while (variable.find()) {
        assertThat(variable.group(1))
            .as(expression)
            .matches(known -> known.startsWith("__") || variables(board).contains(known));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void legends_nameLabelsThatTheExpressionKeeps(String name) {
    for (JsonNode panel : files().get(name).path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        Matcher label = LEGEND_LABEL.matcher(target.path("legendFormat").asString(""));
        while (label.find()) {
          assertThat(PromQl.parse(target.path("expr").asString()).grouping())
              .as(panel.path("title").asString())
              .contains(label.group(1));
        }
      }
    }
  }

  private static void assertExported(PromQl.Selector selector, String expression) {
    Map<String, Set<String>> exported = ExportedMetrics.read();
    assertThat(exported).as(expression).containsKey(selector.metric());
    for (PromQl.Label label : selector.labels()) {
      if (SCRAPED.contains(label.name())) {
        continue;
      }
      assertThat(exported.get(selector.metric())).as(expression).contains(label.name());
      if (VALUES.containsKey(label.name())) {
        assertThat(VALUES.get(label.name()))
            .as(label.name() + " in " + expression)
            .contains(label.value().split("\\|", -1));
      }
    }
  }

  private static Set<String> labelsOf(List<PromQl.Selector> selectors) {
    Set<String> labels = new TreeSet<>(SCRAPED);
    labels.addAll(MADE);
    selectors.forEach(selector -> labels.addAll(ExportedMetrics.read().get(selector.metric())));
    return labels;
  }

  private static boolean isOfOneProcess(PromQl.Selector selector) {
    return !selector.metric().startsWith("musa_ledger_")
        && !selector.metric().startsWith("musa_group_")
        // Of the annotation, which is about the installation.
        && !(selector.metric().equals("musa_rules_in_force")
            && selector.valueOf("instance").isEmpty());
  }

  private static boolean isRow(JsonNode panel) {
    return panel.path("type").asString().equals("row");
  }

  private static void assertDataSource(JsonNode node, String title) {
    assertThat(node.path("datasource").path("uid").asString())
        .as("data source of " + title)
        .isEqualTo("${datasource}");
  }

  private static List<String> titles(JsonNode board) {
    return board
        .path("panels")
        .valueStream()
        .filter(panel -> !isRow(panel))
        .map(panel -> panel.path("title").asString())
        .toList();
  }

  private static Set<String> variables(JsonNode board) {
    Set<String> names = new TreeSet<>();
    board.path("templating").path("list").forEach(each -> names.add(each.path("name").asString()));
    return names;
  }

  private static List<String> expressions(JsonNode board) {
    List<String> found = new ArrayList<>();
    for (JsonNode panel : board.path("panels")) {
      panel.path("targets").forEach(target -> found.add(target.path("expr").asString()));
    }
    for (JsonNode annotation : board.path("annotations").path("list")) {
      if (annotation.has("expr")) {
        found.add(annotation.path("expr").asString());
      }
    }
    assertThat(found).isNotEmpty();
    return found;
  }

  private static Map<String, JsonNode> files() {
    Map<String, JsonNode> boards = new TreeMap<>();
    try (Stream<Path> files = Files.list(DASHBOARDS)) {
      for (Path file : files.sorted().toList()) {
        boards.put(
            file.getFileName().toString().replace(".json", ""),
            STRICT.readTree(Files.readString(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return boards;
  }
}
