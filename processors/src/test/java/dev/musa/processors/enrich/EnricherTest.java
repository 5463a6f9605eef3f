package dev.musa.processors.enrich;

import static dev.musa.processors.enrich.PodFixtures.CLUSTER;
import static dev.musa.processors.enrich.PodFixtures.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.processors.enrich.EnrichConfig.Association;
import dev.musa.processors.enrich.EnrichConfig.From;
import dev.musa.processors.enrich.EnrichConfig.Source;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.metadata.Pod;
import dev.musa.schemas.wire.ResourceSplicer;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnricherTest {
  private static final long T = 1_700_000_000_000L;
  private static final long LATER = T + 600_000;

  private final TestPods pods = new TestPods();
  private long now = T;
  private final Enricher enricher = enricher(pods);
  private final ResourceSplicer splicer = new ResourceSplicer(enricher);

  private Enricher enricher(TestPods of) {
    return new Enricher(of.index(), () -> Instant.ofEpochMilli(now));
  }

  @Test
  void aResourceWithAUid_getsWhatItLacks_andKeepsWhatItHas() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));

    Map<String, String> joined =
        join(Map.of("k8s.pod.uid", "u1", "service.name", "mine", "host.name", "h"), null);

    assertThat(joined)
        .containsEntry("service.name", "mine")
        .containsEntry("host.name", "h")
        .containsEntry("k8s.pod.uid", "u1")
        .containsEntry("k8s.pod.name", "cart-1")
        .containsEntry("k8s.namespace.name", "shop")
        .containsEntry("k8s.deployment.name", "cart")
        .containsEntry("k8s.cluster.name", "east")
        .containsEntry("service.namespace", "shop")
        .containsEntry("service.version", "1.4.2")
        .containsEntry("service.instance.id", "shop.cart-1.app")
        .containsEntry("container.id", "c1-u1")
        .containsEntry("container.image.repo_digests", "[sha256:abc]");
    assertThat(enricher.reason()).isEmpty();
    assertThat(enricher.allKnown()).isTrue();
  }

  @Test
  void theClustersName_isNotTheSendersToSay_andIsKeptAside() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));

    assertThat(join(Map.of("k8s.pod.uid", "u1", "k8s.cluster.name", "other"), null))
        .containsEntry("k8s.cluster.name", "east")
        .containsEntry("musa.sent.k8s.cluster.name", "other");
    assertThat(join(Map.of("k8s.cluster.name", "east"), null))
        .containsOnly(Map.entry("k8s.cluster.name", "east"));
    assertThat(join(Map.of("k8s.cluster.name", "other"), null))
        .containsEntry("k8s.cluster.name", "east")
        .containsEntry("musa.sent.k8s.cluster.name", "other");
  }

  @Test
  void aCluster_thatIsNotWatched_isLeftAlone() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T));
    Map<String, String> sent = Map.of("k8s.pod.uid", "u1", "k8s.cluster.name", "x");

    assertThat(enricher.begin(headers("west", null, T), T)).isFalse();
    assertThat(splice(sent)).isEqualTo(sent);
  }

  @ParameterizedTest
  @CsvSource({"container.id,c0-u1", "container.id,c1-u1", "k8s.pod.ip,10.0.0.1"})
  void containerAndAddress_leadToThePod(String key, String value) throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    pods.seenTo(CLUSTER, T);

    assertThat(join(Map.of(key, value), null)).containsEntry("k8s.pod.name", "cart-1");
  }

  @Test
  void nameAndNamespace_leadToThePod_andTheNameAloneDoesNot() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    pods.seenTo(CLUSTER, T);

    assertThat(join(Map.of("k8s.pod.name", "cart-1", "k8s.namespace.name", "shop"), null))
        .containsEntry("k8s.pod.uid", "u1");
    assertThat(join(Map.of("k8s.pod.name", "cart-1"), null)).doesNotContainKey("k8s.pod.uid");
    assertThat(enricher.reason()).isEmpty();
  }

  @Test
  void theConnection_isAskedLast() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    pods.put(pod("u2", "cart-2", "10.0.0.2", T - 60_000));
    pods.seenTo(CLUSTER, T);

    assertThat(join(Map.of(), "10.0.0.1")).containsEntry("k8s.pod.name", "cart-1");
    assertThat(join(Map.of("k8s.pod.uid", "u2"), "10.0.0.1"))
        .containsEntry("k8s.pod.name", "cart-2");
  }

  @Test
  void anAddressOfIpVersion6_isFoundHoweverItIsWritten() throws Exception {
    pods.put(pod("u1", "cart-1", "fd00::1", T - 60_000));
    pods.seenTo(CLUSTER, T);

    assertThat(join(Map.of(), "fd00:0:0:0:0:0:0:1")).containsEntry("k8s.pod.name", "cart-1");
    assertThat(join(Map.of("k8s.pod.ip", "fd00:0::1"), null))
        .containsEntry("k8s.pod.name", "cart-1");
  }

  @Test
  void aSourceThatIsThereAndFindsNoPod_stopsTheLaterOnes() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    pods.seenTo(CLUSTER, T);
    now = LATER;

    assertThat(join(Map.of("k8s.pod.uid", "gone"), "10.0.0.1")).doesNotContainKey("k8s.pod.name");
    assertThat(enricher.reason()).isEqualTo("unknown");
    assertThat(enricher.allKnown()).isFalse();
  }

  @Test
  void aPodThatIsNotKnown_isWaitedFor_butNotLong() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));

    join(Map.of("k8s.pod.uid", "new"), null);
    assertThat(enricher.isWaiting()).isTrue();

    now = T + 9_999;
    join(Map.of("k8s.pod.uid", "new"), null);
    assertThat(enricher.isWaiting()).isTrue();

    now = T + 10_000;
    join(Map.of("k8s.pod.uid", "new"), null);
    assertThat(enricher.isWaiting()).isFalse();
    assertThat(enricher.reason()).isEqualTo("unknown");
  }

  @Test
  void whatWaitedInVain_doesNotWaitEachTime_butOnceInAWhile() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    pods.seenTo(CLUSTER, T);
    Map<String, String> stranger = Map.of("k8s.pod.uid", "excluded");
    assertThat(waits(stranger, T)).isTrue();
    pods.seenTo(CLUSTER, T + 9_999);
    assertThat(waits(stranger, T + 9_999)).isTrue();

    pods.seenTo(CLUSTER, T + 10_000);
    assertThat(waits(stranger, T + 10_000)).isFalse();
    assertThat(enricher.reason()).isEqualTo("unknown");
    assertThat(waits(Map.of("k8s.pod.uid", "new"), T + 10_000)).isTrue();
    assertThat(waits(stranger, T + 10_000 + UnknownKeys.FORGET_MILLIS - 1)).isFalse();
    assertThat(waits(stranger, T + 10_000 + UnknownKeys.FORGET_MILLIS)).isTrue();

    pods.put(pod("excluded", "cart-9", "10.0.0.9", T - 60_000));
    assertThat(joinAt(stranger, T + 20_000)).containsEntry("k8s.pod.name", "cart-9");
  }

  @Test
  void whileTheApiIsNotSeen_everythingWaits() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    pods.seenTo(CLUSTER, T);

    for (long at = T; at < T + 60_000; at += 5_000) {
      assertThat(waits(Map.of("k8s.pod.uid", "new"), at)).isTrue();
    }
  }

  @Test
  void aKnownAddress_ofWhichItIsNotKnownWhoseItIsNow_waitsEachTime() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000, T - 30_000, false));

    for (long at = T; at < T + 60_000; at += 5_000) {
      pods.seenTo(CLUSTER, at);
      assertThat(waits(Map.of("k8s.pod.ip", "10.0.0.1"), at)).isTrue();
    }
  }

  @Test
  void aValueThatNoPodCanHave_isNotLookedUp() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));

    assertThat(waits(Map.of("k8s.pod.uid", "x".repeat(1_025)), T)).isFalse();
    assertThat(enricher.reason()).isEmpty();
  }

  private boolean waits(Map<String, String> sent, long unixMilli) throws Exception {
    now = unixMilli;
    joinAt(sent, unixMilli);
    return enricher.isWaiting();
  }

  @Test
  void aSenderFromOutside_isNotWaitedFor() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    pods.seenTo(CLUSTER, T);

    assertThat(join(Map.of("host.name", "vm"), "192.168.7.7")).doesNotContainKey("k8s.pod.name");
    assertThat(enricher.isWaiting()).isFalse();
    assertThat(enricher.reason()).isEmpty();

    join(Map.of("host.name", "?"), "10.0.0.77");
    assertThat(enricher.isWaiting()).isTrue();
  }

  @Test
  void anAddressIsItsOwnersAtThatTime() throws Exception {
    pods.put(pod("old", "cart-1", "10.0.0.1", T - 60_000, T - 10_000, false));
    pods.put(pod("new", "cart-2", "10.0.0.1", T - 9_000));
    pods.seenTo(CLUSTER, T);

    assertThat(joinAt(T - 20_000)).containsEntry("k8s.pod.uid", "old");
    assertThat(joinAt(T - 11_001)).containsEntry("k8s.pod.uid", "old");
    assertThat(joinAt(T - 7_999)).containsEntry("k8s.pod.uid", "new");
    assertThat(joinAt(T - 5_000)).containsEntry("k8s.pod.uid", "new");
  }

  @ParameterizedTest
  @CsvSource({"-11000", "-10001", "-10000", "-9500", "-9000", "-8001"})
  void aroundAChangeOfOwner_anAddressTellsNothing(long offset) throws Exception {
    pods.put(pod("old", "cart-1", "10.0.0.1", T - 60_000, T - 10_000, false));
    pods.put(pod("new", "cart-2", "10.0.0.1", T - 9_000));
    pods.seenTo(CLUSTER, T);
    now = LATER;

    assertThat(joinAt(T + offset)).doesNotContainKey("k8s.pod.uid");
    assertThat(enricher.reason()).isEqualTo("ambiguous");
    assertThat(enricher.isWaiting()).isFalse();
  }

  @Test
  void afterAPodHasEnded_itsAddressTellsNothing() throws Exception {
    pods.put(pod("old", "cart-1", "10.0.0.1", T - 60_000, T - 1_000, false));
    pods.seenTo(CLUSTER, T);
    now = LATER;

    assertThat(joinAt(T)).doesNotContainKey("k8s.pod.uid");
    assertThat(enricher.reason()).isEqualTo("unknown");
  }

  @Test
  void beforeAPodHadAnAddress_itMayHaveBeenAnyonesElse() throws Exception {
    pods.put(pod("new", "cart-1", "10.0.0.1", T + 1_000));
    pods.seenTo(CLUSTER, T);
    now = LATER;

    assertThat(joinAt(T)).doesNotContainKey("k8s.pod.uid");
    assertThat(enricher.reason()).isEqualTo("unknown");
  }

  @Test
  void anAddressThatNobodyHasWatched_tellsNothing() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    pods.seenTo(CLUSTER, T - 2_000);

    joinAt(T);
    assertThat(enricher.isWaiting()).isTrue();
    assertThat(joinAt(T - 2_000)).containsEntry("k8s.pod.uid", "u1");

    pods.seenTo(CLUSTER, T + 500);
    assertThat(joinAt(T)).containsEntry("k8s.pod.uid", "u1");
  }

  @Test
  void podsOnTheNetworkOfTheirNode_areNotToldByTheirAddress() throws Exception {
    pods.put(pod("h1", "agent", "10.9.0.1", T - 60_000, 0, true));
    pods.put(pod("h2", "proxy", "10.9.0.1", T - 60_000, 0, true));
    pods.seenTo(CLUSTER, T);

    assertThat(join(Map.of("k8s.pod.uid", "h1"), null)).containsEntry("k8s.pod.name", "agent");
    assertThat(join(Map.of(), "10.9.0.1")).doesNotContainKey("k8s.pod.name");
    assertThat(enricher.reason()).isEqualTo("host network");
    assertThat(enricher.isWaiting()).isFalse();
  }

  @Test
  void aStatefulSetsPod_thatIsMadeAnew_isToldByTheTime() throws Exception {
    pods.put(pod("first", "db-0", "10.0.0.5", T - 60_000, T - 10_000, false));
    pods.put(pod("second", "db-0", "10.0.0.5", T - 8_000));
    pods.seenTo(CLUSTER, T);
    Map<String, String> sent = Map.of("k8s.pod.name", "db-0", "k8s.namespace.name", "shop");

    assertThat(joinAt(sent, T - 15_000)).containsEntry("k8s.pod.uid", "first");
    assertThat(joinAt(sent, T - 5_000)).containsEntry("k8s.pod.uid", "second");
    assertThat(joinAt(sent, T - 9_000)).doesNotContainKey("k8s.pod.uid");
  }

  @Test
  void theRestartCount_tellsWhichRunOfAContainerItIs() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    LogsData request =
        LogsData.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .setResource(
                        Resource.newBuilder()
                            .addAttributes(text("k8s.pod.uid", "u1"))
                            .addAttributes(text("k8s.container.name", "app"))
                            .addAttributes(
                                KeyValue.newBuilder()
                                    .setKey("k8s.container.restart_count")
                                    .setValue(AnyValue.newBuilder().setIntValue(0)))))
            .build();

    assertThat(enricher.begin(headers(CLUSTER, null, T))).isTrue();
    assertThat(attributes(splicer.splice(request.toByteArray())))
        .containsEntry("container.id", "c0-u1");
  }

  @Test
  void ofSeveralContainers_theNamedOneCounts() throws Exception {
    Pod one = pod("u1", "cart-1", "10.0.0.1", T - 60_000);
    Pod.Container proxy =
        new Pod.Container(
            "proxy", List.of(new Pod.Run("p", 0)), Map.of("k8s.container.name", "proxy"));
    pods.put(
        new Pod(
            one.cluster(),
            one.uid(),
            one.name(),
            one.namespace(),
            one.node(),
            one.addresses(),
            false,
            one.createdUnixMilli(),
            0,
            one.attributes(),
            List.of(one.containers().getFirst(), proxy),
            List.of()));

    assertThat(join(Map.of("k8s.pod.uid", "u1"), null)).doesNotContainKey("service.version");
    assertThat(join(Map.of("k8s.pod.uid", "u1", "k8s.container.name", "app"), null))
        .containsEntry("service.version", "1.4.2");
    assertThat(join(Map.of("k8s.pod.uid", "u1", "container.id", "p"), null))
        .containsEntry("k8s.container.name", "proxy")
        .doesNotContainKey("service.version");
  }

  @Test
  void whatAPodIsNoMore_isForgotten() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    pods.put(pod("u1", "cart-1", "10.0.0.2", T - 60_000));
    pods.seenTo(CLUSTER, T);
    now = LATER;

    assertThat(join(Map.of("k8s.pod.ip", "10.0.0.1"), null)).doesNotContainKey("k8s.pod.uid");
    assertThat(join(Map.of("k8s.pod.ip", "10.0.0.2"), null)).containsEntry("k8s.pod.uid", "u1");

    pods.remove(CLUSTER, "u1");
    assertThat(join(Map.of("k8s.pod.ip", "10.0.0.2"), null)).doesNotContainKey("k8s.pod.uid");
    assertThat(join(Map.of("k8s.pod.uid", "u1"), null)).doesNotContainKey("k8s.pod.name");
  }

  @Test
  void aConnection_isLastAndAlone() {
    Source connection = new Source(From.CONNECTION, null);
    Association uid = new Association(List.of(new Source(From.RESOURCE_ATTRIBUTE, "k8s.pod.uid")));
    for (List<Association> wrong :
        List.of(
            List.of(new Association(List.of(connection)), uid),
            List.of(new Association(List.of(uid.sources().getFirst(), connection))))) {
      assertThatThrownBy(() -> new EnrichConfig(true, wrong, Duration.ZERO))
          .hasMessageContaining("podAssociation[0]: from connection")
          .hasMessageContaining("last and alone");
    }
  }

  @Test
  void aRestartCountThatIsText_counts() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    Map<String, String> sent = Map.of("k8s.pod.uid", "u1", "k8s.container.restart_count", "0");

    assertThat(join(sent, null)).containsEntry("container.id", "c0-u1");
    assertThat(join(Map.of("k8s.pod.uid", "u1", "k8s.container.restart_count", "x"), null))
        .doesNotContainKey("container.id");
  }

  @Test
  void aClusterThatIsSaidTwice_isReplacedWhole() throws Exception {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    Resource.Builder resource = Resource.newBuilder();
    for (String cluster : List.of("east", "west")) {
      resource.addAttributes(text("k8s.cluster.name", cluster));
    }
    byte[] request =
        LogsData.newBuilder()
            .addResourceLogs(ResourceLogs.newBuilder().setResource(resource))
            .build()
            .toByteArray();

    enricher.begin(headers(CLUSTER, null, T), T);
    assertThat(attributes(splicer.splice(request)))
        .containsOnly(Map.entry("k8s.cluster.name", "east"));
  }

  @Test
  void whoIsNotToWait_doesNotWait_whateverTheClocks() throws Exception {
    TestPods hasty = new TestPods(TestPods.withWait(Duration.ZERO));
    hasty.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    Enricher other = enricher(hasty);

    other.begin(headers(CLUSTER, null, T + 5), T + 5);
    new ResourceSplicer(other).splice(request(Map.of("k8s.pod.uid", "new")));
    assertThat(other.isWaiting()).isFalse();
  }

  @Test
  void whatIsNewOfAPod_isAddedToTheSameResourceToo() throws Exception {
    Map<String, String> sent = Map.of("k8s.pod.uid", "u1");
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    for (int i = 0; i < 3; i++) {
      assertThat(join(sent, null)).containsEntry("k8s.pod.name", "cart-1");
    }

    pods.put(pod("u1", "renamed", "10.0.0.1", T - 60_000));
    assertThat(join(sent, null)).containsEntry("k8s.pod.name", "renamed");

    pods.readAnew();
    pods.put(pod("u1", "after", "10.0.0.1", T - 60_000));
    assertThat(join(sent, null)).containsEntry("k8s.pod.name", "after");
    pods.remove(CLUSTER, "u1");
    now = LATER;
    assertThat(join(sent, null)).doesNotContainKey("k8s.pod.name");
  }

  @Test
  void whatIsTooLarge_isNotAdded() throws Exception {
    Pod one = pod("u1", "cart-1", "10.0.0.1", T - 60_000);
    Map<String, String> large = new LinkedHashMap<>(one.attributes());
    large.put("note", "x".repeat(5_000));
    for (int i = 0; i < 100; i++) {
      large.put("a." + i, "x".repeat(1_000));
    }
    pods.put(
        new Pod(
            one.cluster(),
            one.uid(),
            one.name(),
            one.namespace(),
            one.node(),
            one.addresses(),
            false,
            one.createdUnixMilli(),
            0,
            large,
            one.containers(),
            List.of()));

    byte[] request = request(Map.of("k8s.pod.uid", "u1"));
    enricher.begin(headers(CLUSTER, null, T), T);
    byte[] joined = splicer.splice(request);
    assertThat(attributes(joined))
        .containsEntry("k8s.cluster.name", CLUSTER)
        .containsKey("a.0")
        .doesNotContainKey("note");
    assertThat(joined.length - request.length).isLessThan(32 << 10);
  }

  @Test
  void anyExtractedAttribute_mayAssociate() throws Exception {
    TestPods byDeployment =
        new TestPods(
            new EnrichConfig(
                true,
                List.of(
                    new Association(
                        List.of(
                            new Source(From.RESOURCE_ATTRIBUTE, "k8s.deployment.name"),
                            new Source(From.RESOURCE_ATTRIBUTE, "k8s.pod.ip")))),
                Duration.ofSeconds(10)));
    byDeployment.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    byDeployment.seenTo(CLUSTER, T);
    Enricher other = enricher(byDeployment);

    assertThat(other.begin(headers(CLUSTER, null, T), T)).isTrue();
    byte[] bytes = request(Map.of("k8s.deployment.name", "cart", "k8s.pod.ip", "10.0.0.1"));
    assertThat(attributes(new ResourceSplicer(other).splice(bytes)))
        .containsEntry("k8s.pod.name", "cart-1");
  }

  private Map<String, String> joinAt(long unixMilli) throws Exception {
    return joinAt(Map.of("k8s.pod.ip", "10.0.0.1"), unixMilli);
  }

  private Map<String, String> joinAt(Map<String, String> sent, long unixMilli) throws Exception {
    enricher.begin(headers(CLUSTER, null, unixMilli), unixMilli);
    return splice(sent);
  }

  private Map<String, String> join(Map<String, String> sent, @Nullable String peer)
      throws Exception {
    enricher.begin(headers(CLUSTER, peer, T), T);
    return splice(sent);
  }

  private Map<String, String> splice(Map<String, String> sent) throws Exception {
    return attributes(splicer.splice(request(sent)));
  }

  private static byte[] request(Map<String, String> sent) {
    Resource.Builder resource = Resource.newBuilder();
    sent.forEach((key, value) -> resource.addAttributes(text(key, value)));
    return LogsData.newBuilder()
        .addResourceLogs(ResourceLogs.newBuilder().setResource(resource))
        .build()
        .toByteArray();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static Map<String, String> attributes(byte[] request) throws Exception {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (KeyValue each :
        LogsData.parseFrom(request).getResourceLogs(0).getResource().getAttributesList()) {
      String value =
          each.getValue().hasArrayValue()
              ? "[" + each.getValue().getArrayValue().getValues(0).getStringValue() + "]"
              : each.getValue().hasIntValue()
                  ? Long.toString(each.getValue().getIntValue())
                  : each.getValue().getStringValue();
      assertThat(attributes.put(each.getKey(), value)).as("twice: " + each.getKey()).isNull();
    }
    return attributes;
  }

  private static RecordHeaders headers(String cluster, @Nullable String peer, long unixMilli) {
    return new RecordHeaders("acme", cluster, 1, unixMilli, peer, null);
  }
}
