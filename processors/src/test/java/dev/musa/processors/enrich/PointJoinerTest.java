package dev.musa.processors.enrich;

import static dev.musa.processors.Otlp.attributes;
import static dev.musa.processors.enrich.PodFixtures.CLUSTER;
import static dev.musa.processors.enrich.PodFixtures.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.sun.management.ThreadMXBean;
import dev.musa.processors.Otlp;
import dev.musa.processors.enrich.EnrichConfig.Association;
import dev.musa.processors.enrich.EnrichConfig.From;
import dev.musa.processors.enrich.EnrichConfig.Source;
import dev.musa.rules.AttributePath;
import dev.musa.rules.Condition;
import dev.musa.rules.Join;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.metadata.Pod;
import dev.musa.schemas.wire.OtlpCursor;
import dev.musa.schemas.wire.Slicer;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PointJoinerTest {
  private static final long T = 1_700_000_000_000L;
  private static final Join JOIN =
      join("container", "k8s.pod.uid", "k8s.node.name", "service.name", "k8s.container.name");

  private final TestPods pods = new TestPods();
  private final Slicer slicer = new Slicer(Signal.METRICS);
  private final PointJoiner joiner = joiner(pods);

  private PointJoiner joiner(TestPods of) {
    return new PointJoiner(of.index(), attribute -> slicer.item().add(attribute));
  }

  /** The kinds of metrics, each with one point that has these attributes. */
  enum Kind {
    GAUGE,
    SUM,
    HISTOGRAM,
    EXPONENTIAL_HISTOGRAM,
    SUMMARY;

    Metric with(List<KeyValue> attributes) {
      Metric.Builder metric = Metric.newBuilder().setName("m");
      NumberDataPoint number =
          NumberDataPoint.newBuilder().addAllAttributes(attributes).setAsInt(7).build();
      switch (this) {
        case GAUGE -> metric.setGauge(Gauge.newBuilder().addDataPoints(number));
        case SUM -> metric.setSum(Sum.newBuilder().addDataPoints(number).setIsMonotonic(true));
        case HISTOGRAM ->
            metric.setHistogram(
                Histogram.newBuilder()
                    .addDataPoints(
                        HistogramDataPoint.newBuilder()
                            .addAllAttributes(attributes)
                            .addBucketCounts(3)
                            .setCount(3)));
        case EXPONENTIAL_HISTOGRAM ->
            metric.setExponentialHistogram(
                ExponentialHistogram.newBuilder()
                    .addDataPoints(
                        ExponentialHistogramDataPoint.newBuilder()
                            .addAllAttributes(attributes)
                            .setCount(3)));
        case SUMMARY ->
            metric.setSummary(
                Summary.newBuilder()
                    .addDataPoints(
                        SummaryDataPoint.newBuilder().addAllAttributes(attributes).setCount(3)));
      }
      return metric.build();
    }
  }

  @ParameterizedTest
  @EnumSource
  void pointsOfEachKind_getWhatTheyLack_andNothingElseChanges(Kind kind) {
    known(pod("u1", "cart-1", "10.0.0.1", T - 60_000));

    byte[] joined =
        join(JOIN, kind.with(sent("pod", "cart-1", "namespace", "shop", "container", "app")));

    assertThat(Otlp.parseMetrics(joined))
        .isEqualTo(
            metrics(
                kind.with(
                    sent(
                        "pod",
                        "cart-1",
                        "namespace",
                        "shop",
                        "container",
                        "app",
                        "k8s.node.name",
                        "node-1",
                        "k8s.pod.uid",
                        "u1",
                        "service.name",
                        "cart",
                        "k8s.container.name",
                        "app"))));
    assertThat(joiner.reason()).isEmpty();
  }

  @Test
  void whatAPointHas_stays() {
    known(pod("u1", "cart-1", "10.0.0.1", T - 60_000));

    assertThat(
            joined(
                JOIN,
                "pod",
                "cart-1",
                "namespace",
                "shop",
                "service.name",
                "mine",
                "k8s.node.name",
                ""))
        .containsOnly(
            entry("pod", "cart-1"),
            entry("namespace", "shop"),
            entry("service.name", "mine"),
            entry("k8s.node.name", ""),
            entry("k8s.pod.uid", "u1"));
  }

  @Test
  void aContainerThatThePodDoesNotHave_givesNothing() {
    known(pod("u1", "cart-1", "10.0.0.1", T - 60_000));

    assertThat(joined(JOIN, "pod", "cart-1", "namespace", "shop", "container", "other"))
        .containsEntry("k8s.pod.uid", "u1")
        .doesNotContainKey("k8s.container.name");
    assertThat(
            joined(
                join(null, "k8s.container.name"),
                "pod",
                "cart-1",
                "namespace",
                "shop",
                "container",
                "app"))
        .doesNotContainKey("k8s.container.name");
  }

  @Test
  void whatTheRuleNames_isAdded_ofTheClusterThePodAndTheContainer() {
    known(pod("u1", "cart-1", "10.0.0.1", T - 60_000));

    assertThat(
            joined(
                join("container", "k8s.cluster.name", "service.version", "container.id", "none"),
                "pod",
                "cart-1",
                "namespace",
                "shop",
                "container",
                "app"))
        .containsOnly(
            entry("pod", "cart-1"),
            entry("namespace", "shop"),
            entry("container", "app"),
            entry("k8s.cluster.name", CLUSTER),
            entry("service.version", "1.4.2"),
            entry("container.id", "c1-u1"));
  }

  @ParameterizedTest
  @MethodSource("otherPoints")
  void aPointThatNamesNoPod_isLeftAlone(List<KeyValue> sent) {
    known(pod("u1", "cart-1", "10.0.0.1", T - 60_000));

    assertThat(join(JOIN, Kind.GAUGE.with(sent))).isEqualTo(bytes(Kind.GAUGE.with(sent)));
    assertThat(joiner.reason()).isEmpty();
  }

  static List<List<KeyValue>> otherPoints() {
    KeyValue number =
        KeyValue.newBuilder()
            .setKey("pod")
            .setValue(AnyValue.newBuilder().setIntValue(1).build())
            .build();
    return List.of(
        List.of(),
        sent("pod", "cart-1"),
        sent("namespace", "shop"),
        sent("pod", "", "namespace", "shop"),
        sent("pod", "cart-1", "namespace", ""),
        Stream.concat(Stream.of(number), sent("namespace", "shop").stream()).toList());
  }

  @Test
  void anUnknownPod_leavesThePointAsItIs_andIsTold() {
    known(pod("u1", "cart-1", "10.0.0.1", T - 60_000));

    assertUntouched(T, "unknown", "pod", "cart-2", "namespace", "shop");
    assertUntouched(T, "unknown", "pod", "cart-1", "namespace", "other");
    assertUntouched(T - 120_000, "unknown", "pod", "cart-1", "namespace", "shop");
    joiner.begin(new RecordHeaders("acme", "not watched", 1, T, null, null));
    assertThat(join(JOIN, Kind.SUM.with(sent("pod", "cart-1", "namespace", "shop"))))
        .isEqualTo(bytes(Kind.SUM.with(sent("pod", "cart-1", "namespace", "shop"))));
    assertThat(joiner.reason()).isEqualTo("unknown");
  }

  @Test
  void aNameThatChangesItsOwner_leadsToWhoHadItThen_andNearTheChangeToNobody() {
    pods.put(pod("u1", "db-0", "10.0.0.1", T - 60_000, T, false));
    pods.put(pod("u2", "db-0", "10.0.0.2", T));
    pods.seenTo(CLUSTER, T + 60_000);

    assertUntouched(T - 1_000, "ambiguous", "pod", "db-0", "namespace", "shop");
    assertUntouched(T + 1_000, "ambiguous", "pod", "db-0", "namespace", "shop");
    begin(joiner, T - 10_000);
    assertThat(joinedNow(JOIN, "pod", "db-0", "namespace", "shop"))
        .containsEntry("k8s.pod.uid", "u1");
    begin(joiner, T + 10_000);
    assertThat(joinedNow(JOIN, "pod", "db-0", "namespace", "shop"))
        .containsEntry("k8s.pod.uid", "u2");
  }

  @Test
  void metadataThatAreBehind_areNotTrusted() {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    pods.seenTo(CLUSTER, T - 10_000);

    assertUntouched(T, "unknown", "pod", "cart-1", "namespace", "shop");
  }

  @Test
  void theIndexFindsByName_whateverTheRulesOfAssociation() {
    assertThat(pods.index().rules()).extracting(PodRule::map).contains(pods.index().mapByName());
    TestPods reversed = new TestPods(config("k8s.namespace.name", "k8s.pod.name"));
    assertThat(reversed.index().rules())
        .extracting(PodRule::map)
        .containsExactly(reversed.index().mapByName());

    TestPods byUid = new TestPods(config("k8s.pod.uid"));
    byUid.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    byUid.seenTo(CLUSTER, T);
    PointJoiner other = joiner(byUid);
    begin(other, T);
    slicer.slice(
        bytes(Kind.GAUGE.with(sent("pod", "cart-1", "namespace", "shop"))),
        1,
        at -> other.join(JOIN, at) ? 0 : Slicer.DROP);
    assertThat(other.reason()).isEmpty();
    assertThat(slicer.items(0)).isOne();
  }

  @Test
  void join_doesNotAllocate() {
    known(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    PointJoiner quiet = new PointJoiner(pods.index(), _ -> {});
    begin(quiet, T);
    OtlpCursor at = new OtlpCursor(Signal.METRICS);
    at.reset(
        bytes(Kind.GAUGE.with(sent("pod", "cart-1", "namespace", "shop", "container", "app"))));
    at.next();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().threadId();
    int times = 20_000;
    repeat(times, quiet, at);
    long before = threads.getThreadAllocatedBytes(id);

    repeat(times, quiet, at);

    // The measurement itself may take a few bytes; one object per point would be far more.
    assertThat(threads.getThreadAllocatedBytes(id) - before).isLessThan(times);
  }

  private static void repeat(int times, PointJoiner joiner, OtlpCursor at) {
    for (int i = 0; i < times; i++) {
      joiner.join(JOIN, at);
    }
  }

  private void known(Pod pod) {
    pods.put(pod);
    pods.seenTo(CLUSTER, T);
    begin(joiner, T);
  }

  private static void begin(PointJoiner joiner, long unixMilli) {
    joiner.begin(new RecordHeaders("acme", CLUSTER, 1, unixMilli, null, null));
  }

  private void assertUntouched(long unixMilli, String reason, String... sent) {
    begin(joiner, unixMilli);
    assertThat(join(JOIN, Kind.GAUGE.with(sent(sent))))
        .isEqualTo(bytes(Kind.GAUGE.with(sent(sent))));
    assertThat(joiner.reason()).isEqualTo(reason);
  }

  private Map<String, String> joined(Join step, String... sent) {
    begin(joiner, T);
    return joinedNow(step, sent);
  }

  private Map<String, String> joinedNow(Join step, String... sent) {
    List<KeyValue> all =
        Otlp.parseMetrics(join(step, Kind.GAUGE.with(sent(sent))))
            .getResourceMetrics(0)
            .getScopeMetrics(0)
            .getMetrics(0)
            .getGauge()
            .getDataPoints(0)
            .getAttributesList();
    assertThat(all).extracting(KeyValue::getKey).doesNotHaveDuplicates();
    return attributes(all);
  }

  private byte[] join(Join step, Metric metric) {
    slicer.slice(
        bytes(metric),
        1,
        at -> {
          joiner.join(step, at);
          return 0;
        });
    return slicer.bytes(0);
  }

  private static byte[] bytes(Metric metric) {
    return metrics(metric).toByteArray();
  }

  private static MetricsData metrics(Metric metric) {
    return Otlp.metrics(Map.of("service.name", "exporter"), metric);
  }

  private static List<KeyValue> sent(String... keysAndValues) {
    return IntStream.range(0, keysAndValues.length / 2)
        .mapToObj(i ->
            KeyValue.newBuilder()
                .setKey(keysAndValues[2 * i])
                .setValue(Otlp.text(keysAndValues[2 * i + 1]))
                .build())
        .toList();
  }

  private static Join join(@Nullable String container, String... attributes) {
    return new Join(
        "join",
        Condition.ALWAYS,
        item("pod"),
        item("namespace"),
        container == null ? null : item(container),
        Arrays.stream(attributes).map(PointJoinerTest::item).toList());
  }

  private static AttributePath item(String key) {
    return new AttributePath(AttributePath.Scope.ITEM, key);
  }

  private static EnrichConfig config(String... sources) {
    return new EnrichConfig(
        true,
        List.of(
            new Association(
                Arrays.stream(sources)
                    .map(name -> new Source(From.RESOURCE_ATTRIBUTE, name))
                    .toList())),
        Duration.ofSeconds(10));
  }
}
