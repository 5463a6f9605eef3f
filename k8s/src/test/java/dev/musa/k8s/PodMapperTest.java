package dev.musa.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.k8s.KubernetesConfig.Extract;
import dev.musa.k8s.KubernetesConfig.Source;
import dev.musa.k8s.KubernetesConfig.Tag;
import dev.musa.schemas.metadata.Pod;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodMapperTest {
  private static final long NOW = Instant.parse("2026-03-01T11:00:00Z").toEpochMilli();
  private static final Extract USUAL = KubernetesConfig.defaults().extract();

  private OwnerStore around = new OwnerStore(USUAL);

  @Test
  void runningPod_hasWhatItAndItsOwnersSay() {
    around.seen(Pods.replicaSet("rs-1", "cart-7d9", "cart"));
    around.seen(
        new NamespaceBuilder()
            .withNewMetadata()
            .withName("kube-system")
            .withUid("cluster-uid")
            .endMetadata()
            .build());

    Pod pod = mapped(USUAL, Pods.running("u1", "cart-7d9-x", "10.0.0.7").build());

    assertThat(pod.attributes())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("k8s.cluster.name", "edge"),
                Map.entry("k8s.cluster.uid", "cluster-uid"),
                Map.entry("k8s.pod.uid", "u1"),
                Map.entry("k8s.pod.name", "cart-7d9-x"),
                Map.entry("k8s.pod.start_time", "2026-03-01T10:00:01Z"),
                Map.entry("k8s.namespace.name", "prod"),
                Map.entry("k8s.node.name", "node-1"),
                Map.entry("k8s.deployment.name", "cart"),
                Map.entry("service.name", "cart"),
                Map.entry("service.namespace", "prod")));
    assertThat(pod.owners())
        .containsExactly(
            new Pod.Owner("ReplicaSet", "cart-7d9", "rs-1"),
            new Pod.Owner("Deployment", "cart", "d-1"));
    assertThat(pod.addresses())
        .containsExactly(new Pod.Address("10.0.0.7", Pods.STARTED.toEpochMilli(), 0));
    assertThat(pod.containers())
        .containsExactly(
            new Pod.Container(
                "app",
                List.of(new Pod.Run("c-u1", 0)),
                Map.of(
                    "k8s.container.name", "app",
                    "service.version", "1.4.2",
                    "service.instance.id", "prod.cart-7d9-x.app")));
  }

  @Test
  void deploymentOfAnUnknownReplicaSet_isKnownByName() {
    Pod pod = mapped(USUAL, Pods.running("u1", "cart-7d9-x", "10.0.0.7").build());

    assertThat(pod.attributes()).containsEntry("k8s.deployment.name", "cart");
    assertThat(pod.owners().getLast()).isEqualTo(new Pod.Owner("Deployment", "cart", ""));
  }

  @Test
  void cronJob_isFoundBehindItsJob() {
    around.seen(
        new JobBuilder()
            .withNewMetadata()
            .withUid("j-1")
            .withName("nightly-1")
            .addNewOwnerReference()
            .withController(true)
            .withKind("CronJob")
            .withName("nightly")
            .withUid("cj-1")
            .endOwnerReference()
            .endMetadata()
            .build());
    var pod =
        Pods.running("u1", "nightly-1-x", "10.0.0.7")
            .editMetadata()
            .editOwnerReference(0)
            .withKind("Job")
            .withName("nightly-1")
            .withUid("j-1")
            .endOwnerReference()
            .endMetadata()
            .build();

    assertThat(mapped(USUAL, pod).attributes())
        .containsEntry("k8s.job.name", "nightly-1")
        .containsEntry("k8s.cronjob.name", "nightly")
        .containsEntry("service.name", "nightly");
  }

  /** The semantic conventions' order, from the weakest on. */
  @ParameterizedTest
  @CsvSource({
    "false, false, false, cart",
    "false, false, true, by-name",
    "false, true, true, by-instance",
    "true, true, true, by-annotation"
  })
  void serviceName_comesFromWhatHasMostWeight(
      boolean annotation, boolean instance, boolean name, String expected) {
    PodBuilder pod = Pods.running("u1", "cart-7d9-x", "10.0.0.7");
    if (name) {
      pod.editMetadata().addToLabels("app.kubernetes.io/name", "by-name").endMetadata();
    }
    if (instance) {
      pod.editMetadata().addToLabels("app.kubernetes.io/instance", "by-instance").endMetadata();
    }
    if (annotation) {
      pod.editMetadata()
          .addToAnnotations("resource.opentelemetry.io/service.name", "by-annotation")
          .endMetadata();
    }

    assertThat(mapped(USUAL, pod.build()).attributes()).containsEntry("service.name", expected);
  }

  @Test
  void chosenLabels_haveTheirNames() {
    Extract extract =
        new Extract(
            List.of("k8s.node.uid"),
            List.of(
                new Tag(null, "app", null, null),
                new Tag("team.$1", null, "team/(.*)", Source.NAMESPACE),
                new Tag("zone", "topology.kubernetes.io/zone", null, Source.NODE)),
            List.of(new Tag(null, null, "note-.*", Source.POD)),
            true,
            true);
    around = new OwnerStore(extract);
    around.seen(
        new NamespaceBuilder()
            .withNewMetadata()
            .withName("prod")
            .withUid("ns-1")
            .addToLabels("team/owner", "payments")
            .addToLabels("other", "x")
            .endMetadata()
            .build());
    around.seen(
        new NodeBuilder()
            .withNewMetadata()
            .withName("node-1")
            .withUid("n-1")
            .addToLabels("topology.kubernetes.io/zone", "eu-1")
            .endMetadata()
            .build());
    var pod =
        Pods.running("u1", "cart-7d9-x", "10.0.0.7")
            .editMetadata()
            .addToLabels("app", "cart")
            .addToAnnotations("note-1", "hot")
            .addToAnnotations("resource.opentelemetry.io/squad", "blue")
            .endMetadata()
            .build();

    assertThat(mapped(extract, pod).attributes())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "k8s.node.uid", "n-1",
                "k8s.pod.label.app", "cart",
                "k8s.pod.annotation.note-1", "hot",
                "team.owner", "payments",
                "zone", "eu-1",
                "squad", "blue"));
  }

  @Test
  void annotations_doNotSayWhichPodItIs() {
    PodBuilder pod =
        Pods.running("u1", "cart-7d9-x", "10.0.0.7")
            .editMetadata()
            .addToAnnotations("resource.opentelemetry.io/k8s.cluster.name", "evil")
            .addToAnnotations("resource.opentelemetry.io/k8s.pod.uid", "another")
            .addToAnnotations("resource.opentelemetry.io/container.image.name", "another")
            .addToAnnotations("resource.opentelemetry.io/team", "blue")
            .endMetadata();

    assertThat(mapped(USUAL, pod.build()).attributes())
        .containsEntry("k8s.pod.uid", "u1")
        .containsEntry("team", "blue")
        .doesNotContainKey("container.image.name")
        .doesNotContainValue("evil");
  }

  @Test
  void restartedContainer_keepsTheRunsBefore() {
    var first = Pods.running("u1", "p", "10.0.0.7").build();
    Pod before = mapper(USUAL).own(first, null, NOW);
    var second =
        new PodBuilder(first)
            .editStatus()
            .editContainerStatus(0)
            .withContainerID("containerd://c2")
            .withRestartCount(1)
            .endContainerStatus()
            .endStatus()
            .build();

    assertThat(mapper(USUAL).own(second, before, NOW).containers().getFirst().runs())
        .containsExactly(new Pod.Run("c-u1", 0), new Pod.Run("c2", 1));
  }

  @Test
  void endedPod_gaveItsAddressBackWithItsLastContainer() {
    var running = Pods.running("u1", "p", "10.0.0.7").build();
    Pod before = mapper(USUAL).own(running, null, NOW);
    Instant end = Pods.STARTED.plusSeconds(2);

    assertThat(mapper(USUAL).own(Pods.ended(running, end), before, NOW).addresses())
        .containsExactly(
            new Pod.Address("10.0.0.7", Pods.STARTED.toEpochMilli(), end.toEpochMilli()));
  }

  @Test
  void endedPodThatWasNeverSeenRunning_hasNoAddress() {
    var running = Pods.running("u1", "p", "10.0.0.7").build();

    assertThat(mapper(USUAL).own(Pods.ended(running, Pods.STARTED), null, NOW).addresses())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "nginx, nginx, latest",
    "nginx:1.27, nginx, 1.27",
    "registry:5000/a/b, registry:5000/a/b, latest",
    "registry:5000/a/b:v2@sha256:ff, registry:5000/a/b, v2",
    "a/b@sha256:ff, a/b,"
  })
  void image_isTakenApart(String reference, String name, String tag) {
    assertThat(ImageName.parse(reference)).isEqualTo(new ImageName(name, tag));
  }

  private Pod mapped(Extract extract, io.fabric8.kubernetes.api.model.Pod pod) {
    PodMapper mapper = mapper(extract);
    return mapper.complete(mapper.own(pod, null, NOW), around);
  }

  private static PodMapper mapper(Extract extract) {
    return new PodMapper("edge", extract);
  }
}
