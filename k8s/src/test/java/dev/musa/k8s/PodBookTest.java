package dev.musa.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.schemas.metadata.MetadataCodec;
import dev.musa.schemas.metadata.Pod;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PodBookTest {
  private static final long NOW = Pods.STARTED.toEpochMilli() + 60_000;
  private static final KubernetesConfig.Extract EXTRACT = KubernetesConfig.defaults().extract();

  private final OwnerStore around = new OwnerStore(EXTRACT);

  /** What the topic holds. */
  private final Map<String, Pod> topic = new HashMap<>();

  private int writes;
  private PodBook book = book();

  @Test
  void pod_isPublishedOnceUntilItSaysSomethingNew() {
    book.seen(Pods.running("u1", "p", "10.0.0.1").build(), NOW);
    book.seen(Pods.running("u1", "p", "10.0.0.1").build(), NOW + 1_000);
    assertThat(writes).isEqualTo(1);

    book.seen(
        Pods.running("u1", "p", "10.0.0.1")
            .editMetadata()
            .addToLabels("app.kubernetes.io/name", "shop")
            .endMetadata()
            .build(),
        NOW + 2_000);
    assertThat(writes).isEqualTo(2);
    assertThat(pod("u1").attributes()).containsEntry("service.name", "shop");
  }

  @Test
  void deletedPod_staysWithItsEnd() {
    book.seen(Pods.running("u1", "p", "10.0.0.1").build(), NOW);
    book.gone("u1", NOW + 5_000);

    assertThat(pod("u1").deletedUnixMilli()).isEqualTo(NOW + 5_000);
    assertThat(pod("u1").addresses().getFirst().untilUnixMilli()).isEqualTo(NOW + 5_000);
    assertThat(pod("u1").attributes()).containsEntry("k8s.deployment.name", "cart");
  }

  @Test
  void lateUpdate_doesNotBringAPodBack() {
    var pod = Pods.running("u1", "p", "10.0.0.1").build();
    book.seen(pod, NOW);
    book.gone("u1", NOW + 1);
    book.seen(pod, NOW + 2);

    assertThat(pod("u1").isDeleted()).isTrue();
  }

  @Test
  void afterARestart_onlyWhatDiffersIsPublished() {
    book.seen(Pods.running("same", "a", "10.0.0.1").build(), NOW);
    book.seen(Pods.running("changed", "b", "10.0.0.2").build(), NOW);
    book.seen(Pods.running("gone", "c", "10.0.0.3").build(), NOW);
    writes = 0;

    book = book();
    topic.values().forEach(book::restore);
    book.seen(Pods.running("same", "a", "10.0.0.1").build(), NOW + 60_000);
    book.seen(
        new PodBuilder(Pods.running("changed", "b", "10.0.0.2").build())
            .editStatus()
            .editContainerStatus(0)
            .withContainerID("containerd://next")
            .withRestartCount(1)
            .endContainerStatus()
            .endStatus()
            .build(),
        NOW + 60_000);
    book.seen(Pods.running("new", "d", "10.0.0.3").build(), NOW + 60_000);
    book.allSeen(NOW + 10_000);

    assertThat(writes).isEqualTo(3);
    assertThat(pod("gone").deletedUnixMilli()).isEqualTo(NOW + 10_000);
    assertThat(pod("changed").containers().getFirst().runs()).hasSize(2);
    assertThat(pod("same").addresses().getFirst().fromUnixMilli())
        .isEqualTo(Pods.STARTED.toEpochMilli());
    assertThat(pod("new").isDeleted()).isFalse();
  }

  @Test
  void addressThatComesLater_isThePodsFromThenOn() {
    book.seen(Pods.scheduled("u1", "p").build(), NOW);
    assertThat(pod("u1").addresses()).isEmpty();

    book.seen(Pods.running("u1", "p", "10.0.0.1").build(), NOW + 2_000);
    book.seen(Pods.running("u1", "p", "10.0.0.9").build(), NOW + 9_000);

    assertThat(pod("u1").addresses())
        .containsExactly(
            new Pod.Address("10.0.0.1", Pods.STARTED.toEpochMilli(), NOW + 9_000),
            new Pod.Address("10.0.0.9", NOW + 9_000, 0));
  }

  @Test
  void nodeThatBecomesKnown_isPublishedForItsPods() {
    var extract =
        new KubernetesConfig.Extract(List.of("k8s.node.uid"), List.of(), List.of(), false, false);
    OwnerStore nodes = new OwnerStore(extract);
    book =
        new PodBook(
            new PodMapper("edge", extract),
            nodes,
            Duration.ofHours(1),
            (uid, pod) -> topic.put(uid, MetadataCodec.readPod(pod)));
    book.seen(Pods.running("u1", "p", "10.0.0.1").build(), NOW);
    assertThat(pod("u1").attributes()).isEmpty();

    var node =
        new NodeBuilder().withNewMetadata().withName("node-1").withUid("n-1").endMetadata().build();
    book.around(Objects.requireNonNull(nodes.seen(node)));

    assertThat(pod("u1").attributes()).containsEntry("k8s.node.uid", "n-1");
    assertThat(nodes.seen(node)).as("the same again is no news").isNull();
  }

  @Test
  void recordOfAPodThatIsGone_isDeletedOnceNothingCanComeOfIt() {
    book.seen(Pods.running("u1", "p", "10.0.0.1").build(), NOW);
    book.gone("u1", NOW);
    book.expire(NOW + Duration.ofHours(1).toMillis());
    assertThat(topic).containsKey("u1");

    book.expire(NOW + Duration.ofHours(1).toMillis() + 1);
    assertThat(topic).isEmpty();
  }

  private Pod pod(String uid) {
    return Objects.requireNonNull(topic.get(uid));
  }

  private PodBook book() {
    return new PodBook(
        new PodMapper("edge", EXTRACT),
        around,
        Duration.ofHours(1),
        (uid, pod) -> {
          writes++;
          if (pod == null) {
            topic.remove(uid);
          } else {
            topic.put(uid, MetadataCodec.readPod(pod));
          }
        });
  }
}
