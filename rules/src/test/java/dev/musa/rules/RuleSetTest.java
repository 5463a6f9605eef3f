package dev.musa.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.musa.rules.publish.RuleDirectory;
import dev.musa.schemas.wire.AnyValueView;
import dev.musa.schemas.wire.OtlpCursor;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the rules in {@code examples/rules} do, and how rule sets are made of files. */
class RuleSetTest {
  private static final Path EXAMPLES = Path.of("..", "examples", "rules");
  private static final String HEADER = "apiVersion: musa.dev/v1\nkind: Rules\n";

  @TempDir private Path directory;
  private HashKey key;

  @BeforeEach
  void readKey() throws IOException {
    key = HashKeys.read(directory);
  }

  @Test
  void example_isValidAndHasTheStepsOfTheDesign() throws Exception {
    RulesCheck check = RulesCheck.of(EXAMPLES);

    assertThat(check.problems()).isEmpty();
    assertThat(check.format())
        .contains("traces 3 steps, logs 3 steps, metrics 2 steps", "needs rules.hashKeyFile");
  }

  @Test
  void exampleTraces_dropHealthChecks() throws Exception {
    List<Step> steps = example().traces().steps();

    Drop drop = (Drop) steps.getFirst();
    assertThat(drop.name()).isEqualTo("no-health-checks");
    assertThat(drop.when().test(span(Map.of(), Map.of("url.path", "/readyz")))).isTrue();
    assertThat(drop.when().test(span(Map.of(), Map.of("url.path", "/orders")))).isFalse();
    assertThat(drop.when().test(span(Map.of(), Map.of()))).isFalse();
  }

  @Test
  void exampleTraces_hashTheEmail() throws Exception {
    Hash hash = (Hash) example().traces().steps().get(1);

    assertThat(hash.paths())
        .containsExactly(new AttributePath(AttributePath.Scope.ITEM, "user.email"));
    OtlpCursor at = span(Map.of(), Map.of("user.email", "eva@example.com"));
    AnyValueView value = new AnyValueView();
    assertThat(at.item().attributes().find(hash.paths().getFirst().utf8Key(), value)).isTrue();
    assertThat(new String(hash.hasher().hash(value), UTF_8)).isEqualTo(hmac("eva@example.com"));
    // The instance can be used again.
    assertThat(new String(hash.hasher().hash(value), UTF_8)).isEqualTo(hmac("eva@example.com"));
  }

  @Test
  void exampleTraces_sampleByTheFourPolicies() throws Exception {
    TraceRules rules = example().traces();
    Sample sample = rules.sample();

    assertThat(rules.beforeSample()).hasSize(2);
    assertThat(rules.afterSample()).isEmpty();
    assertThat(sample).isNotNull();
    assertThat(sample.after()).isEqualTo(Duration.ofSeconds(10));
    assertThat(sample.policies())
        .extracting(Policy::name, Policy::verdict, Policy::longerThan, Policy::probability)
        .containsExactly(
            tuple("errors", Policy.Verdict.KEEP, null, 1.0),
            tuple("slow", Policy.Verdict.KEEP, Duration.ofMillis(500), 1.0),
            tuple("checkout", Policy.Verdict.KEEP, null, 0.5),
            tuple("rest", Policy.Verdict.KEEP, null, 0.05));
    OtlpCursor error =
        Otlp.span(
            Map.of("service.name", "checkout"),
            Span.newBuilder()
                .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR))
                .build());
    assertThat(sample.policies().get(0).anySpan().test(error)).isTrue();
    assertThat(sample.policies().get(0).anySpan().test(span(Map.of(), Map.of()))).isFalse();
    assertThat(sample.policies().get(2).anySpan().test(error)).isTrue();
    assertThat(sample.policies().get(2).anySpan().test(span(Map.of(), Map.of()))).isFalse();
  }

  @Test
  void exampleLogs_keepErrorsInProdAndLimit() throws Exception {
    List<Step> steps = example().logs().steps();
    OtlpCursor prodInfo = log("prod", 9, Map.of());
    OtlpCursor prodError = log("prod", 17, Map.of());
    OtlpCursor devDebug = log("dev", 5, Map.of("debug.session", "x"));

    Keep keep = (Keep) steps.get(0);
    assertThat(keep.when().test(prodInfo)).isTrue();
    assertThat(keep.keep().test(prodInfo)).isFalse();
    assertThat(keep.keep().test(prodError)).isTrue();
    assertThat(keep.when().test(devDebug)).isFalse();

    Limit some = (Limit) steps.get(1);
    assertThat(some.items()).isEqualTo(600);
    assertThat(some.per()).isEqualTo(Duration.ofMinutes(1));
    assertThat(some.burst()).isEqualTo(1200);
    assertThat(some.exempt().test(devDebug)).isFalse();
    assertThat(some.exempt().test(prodError)).isTrue();

    Limit chatty = (Limit) steps.get(2);
    assertThat(chatty.burst()).isEqualTo(100);
    assertThat(chatty.when().test(devDebug)).isTrue();
    assertThat(chatty.when().test(prodInfo)).isFalse();
    assertThat(chatty.exempt().test(devDebug)).isTrue();
    assertThat(key(chatty, devDebug)).isNotEqualTo(key(chatty, prodInfo));
    assertThat(key(chatty, prodError)).isEqualTo(key(chatty, prodInfo));
  }

  @Test
  void exampleMetrics_dropGoInternals() throws Exception {
    Drop drop = (Drop) example().metrics().steps().getFirst();

    assertThat(drop.when().test(Otlp.point(Map.of(), "go_gc_pauses", Map.of()))).isTrue();
    assertThat(drop.when().test(Otlp.point(Map.of(), "DCGM_FI_DEV_GPU_TEMP", Map.of()))).isFalse();
  }

  @Test
  void exampleMetrics_joinGpusToTheirPods() throws Exception {
    Join join = (Join) example().metrics().steps().get(1);

    assertThat(join.name()).isEqualTo("gpus");
    assertThat(join.when().test(Otlp.point(Map.of(), "DCGM_FI_DEV_GPU_TEMP", Map.of()))).isTrue();
    assertThat(join.when().test(Otlp.point(Map.of(), "up", Map.of()))).isFalse();
    assertThat(join.pod()).isEqualTo(item("pod"));
    assertThat(join.namespace()).isEqualTo(item("namespace"));
    assertThat(join.container()).isEqualTo(item("container"));
    assertThat(join.attributes())
        .extracting(AttributePath::key)
        .contains("k8s.pod.uid", "k8s.node.name", "k8s.cronjob.name", "service.name")
        .contains("k8s.container.name");
  }

  @Test
  void join_withoutAContainer_addsNothingOfOne() throws Exception {
    Join join = join("pod: attributes.pod, namespace: attributes.ns");

    assertThat(join.when()).isSameAs(Condition.ALWAYS);
    assertThat(join.container()).isNull();
    assertThat(join.attributes())
        .extracting(AttributePath::key)
        .contains("k8s.pod.uid", "service.namespace")
        .doesNotContain("k8s.container.name");
  }

  @Test
  void join_ofNamedAttributes_addsThese() throws Exception {
    Join join =
        join(
            "pod: attributes.pod, namespace: attributes.ns, container: attributes.c,"
                + " attributes: [k8s.pod.label.app.kubernetes.io/name, service.name]");

    assertThat(join.attributes())
        .containsExactly(item("k8s.pod.label.app.kubernetes.io/name"), item("service.name"));
  }

  private static Join join(String keys) throws RuleException {
    String rules = HEADER + "metrics: [{name: a, join: {" + keys + "}}]\n";
    return (Join) RuleSet.load(Map.of("a.yaml", rules), null).metrics().steps().getFirst();
  }

  private static AttributePath item(String key) {
    return new AttributePath(AttributePath.Scope.ITEM, key);
  }

  @Test
  void example_withoutItsQuotesIsRefusedWithTheQuotesToPut() throws Exception {
    String example = RuleDirectory.read(EXAMPLES).get("shop.yaml");
    String unquoted = example.replace("'", "");

    assertThatThrownBy(() -> RuleSet.load(Map.of("shop.yaml", unquoted), key))
        .isInstanceOfSatisfying(
            RuleException.class,
            refused ->
                assertThat(refused.problems())
                    .extracting(Problem::expected)
                    .containsExactly(
                        "'attributes[\"user.email\"]' (in single quotes)",
                        "'resource[\"service.name\"] == \"checkout\"' (in single quotes)",
                        "'resource[\"service.name\"]' (in single quotes)",
                        "'resource[\"k8s.namespace.name\"]' (in single quotes)",
                        "'has(attributes[\"debug.session\"])' (in single quotes)"));
  }

  @Test
  void load_mergesFilesInTheOrderOfTheirNames() throws Exception {
    RuleSet set =
        RuleSet.load(
            Map.of(
                "20.yaml", HEADER + "logs: [{name: second, when: noisy, drop: record}]",
                "10.yaml",
                    HEADER
                        + "conditions: {noisy: severity < INFO}\n"
                        + "logs: [{name: first, drop: record}]"),
            null);

    assertThat(set.logs().steps()).extracting(Step::name).containsExactly("first", "second");
  }

  @Test
  void load_ofNoFilesIsTheEmptySet() throws Exception {
    assertThat(RuleSet.load(Map.of(), null)).isSameAs(RuleSet.EMPTY);
    assertThat(RuleSet.EMPTY.isEmpty()).isTrue();
    assertThat(RuleSet.EMPTY.traces().sample()).isNull();
  }

  @Test
  void version_changesWithNamesAndTexts() throws Exception {
    String one = RuleSet.load(Map.of("a.yaml", HEADER), null).version();

    assertThat(one).matches("[0-9a-f]{12}");
    assertThat(RuleSet.versionOf(Map.of("a.yaml", HEADER))).isEqualTo(one);
    assertThat(RuleSet.versionOf(Map.of("b.yaml", HEADER))).isNotEqualTo(one);
    assertThat(RuleSet.versionOf(Map.of("a.yaml", HEADER + "\n"))).isNotEqualTo(one);
  }

  @Test
  void eachCallCompilesAnInstanceOfItsOwn() throws Exception {
    RuleSet set = example();

    assertThat(set.traces().steps().getFirst().when())
        .isNotSameAs(set.traces().steps().getFirst().when());
  }

  @Test
  void dropTrace_isTheFirstPolicyOfTheSampler() throws Exception {
    RuleSet set =
        RuleSet.load(
            Map.of(
                "a.yaml",
                HEADER
                    + """
                    traces:
                      - {name: secret, when: 'attributes["secret"] == true', drop: trace}
                      - name: tail
                        sample:
                          decide: {after: 2s}
                          policies: [{name: all, keep: {probability: 1}}]
                    """),
            null);

    Sample sample = set.traces().sample();
    assertThat(set.traces().steps()).hasSize(1);
    assertThat(sample.policies()).extracting(Policy::name).containsExactly("secret", "all");
    assertThat(sample.policies().getFirst().verdict()).isEqualTo(Policy.Verdict.DROP);
    assertThat(sample.policies().getFirst().anySpan().test(span(Map.of(), Map.of("secret", true))))
        .isTrue();
  }

  @Test
  void hash_withoutAKeyIsRefusedWithTheRemedy() {
    assertThatThrownBy(() ->
            RuleSet.load(
                Map.of("a.yaml", HEADER + "logs: [{name: h, hash: [attributes.email]}]"), null))
        .isInstanceOf(RuleException.class)
        .hasMessageContaining("a.yaml:3:24")
        .hasMessageContaining("rules.hashKeyFile")
        .hasMessageContaining("openssl rand -hex 32");
  }

  @Test
  void hasher_hashesNumbersAsTheirTextAndListsByElement() throws Exception {
    Hasher hasher = new Hasher(key);

    assertThat(hash(hasher, 42)).isEqualTo(hmac("42"));
    assertThat(hash(hasher, "42")).isEqualTo(hmac("42"));
    assertThat(hash(hasher, 1.5)).isEqualTo(hmac("1.5"));
    assertThat(hash(hasher, true)).isEqualTo(hmac("true"));
    assertThat(hash(hasher, List.of("a", "b"))).isNotEqualTo(hash(hasher, List.of("ab")));
  }

  private RuleSet example() throws Exception {
    return RuleSet.load(new TreeMap<>(RuleDirectory.read(EXAMPLES)), key);
  }

  private static OtlpCursor span(Map<String, ?> resource, Map<String, ?> attributes) {
    return Otlp.span(
        resource, Span.newBuilder().addAllAttributes(Otlp.attributes(attributes)).build());
  }

  private static OtlpCursor log(String namespace, int severity, Map<String, ?> attributes) {
    return Otlp.log(
        Map.of("k8s.namespace.name", namespace, "service.name", "cart"),
        LogRecord.newBuilder()
            .setSeverityNumberValue(severity)
            .addAllAttributes(Otlp.attributes(attributes))
            .build());
  }

  private static byte[] key(Limit limit, OtlpCursor at) {
    KeyBuffer buffer = new KeyBuffer();
    limit.by().appendTo(at, buffer);
    return buffer.toByteArray();
  }

  private static String hash(Hasher hasher, Object value) {
    AnyValueView view = new AnyValueView();
    span(Map.of(), Map.of("k", value)).item().attributes().find("k".getBytes(UTF_8), view);
    return new String(hasher.hash(view), UTF_8);
  }

  private static String hmac(String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(HashKeys.TEXT.getBytes(UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
  }
}
