package dev.musa.k8s;

import static dev.musa.k8s.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.schemas.metadata.Pod;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a watch does whatever the API server. Its pods are of nobody and for no node, so that no
 * controller and no kubelet of a real cluster has a say in them.
 */
public abstract class WatchContract {
  private final FakeMetadataTopic topic = new FakeMetadataTopic();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private KubernetesClient client;

  protected abstract TestCluster cluster();

  @BeforeEach
  void connect() {
    client = cluster().connect();
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Test
  void podsThatAreThere_andThatCome_arePublished() {
    create("cart-1", "10.0.0.1");
    try (KubernetesWatch watch = watch()) {
      watch.start();
      await(watch::isWatching);
      assertThat(pod("cart-1").attributes())
          .containsEntry("k8s.pod.name", "cart-1")
          .containsEntry("k8s.namespace.name", cluster().namespace());

      create("cart-2", "10.0.0.2");
      await(() -> topic.pods().containsKey("cart-2"));
      assertThat(registry.get("musa.kubernetes.pods").gauge().value()).isEqualTo(2);
      assertThat(registry.get("musa.kubernetes.watching").gauge().value()).isEqualTo(1);

      delete("cart-1");
      await(() -> pod("cart-1").isDeleted());
      assertThat(pod("cart-1").addresses().getFirst().untilUnixMilli()).isPositive();
    }
  }

  @Test
  void podsOfADeployment_nameIt() {
    cluster().deploy("cart");
    try (KubernetesWatch watch = watch()) {
      watch.start();
      await(() -> topic.pods().values().stream().anyMatch(pod -> isOf(pod, "cart")));
      Pod pod = topic.pods().values().iterator().next();
      assertThat(pod.attributes()).containsEntry("service.name", "cart");
      assertThat(pod.owners())
          .extracting(Pod.Owner::kind)
          .containsExactly("ReplicaSet", "Deployment");
    }
  }

  @Test
  void whatChangedWhileNobodyWatched_isPublishedAtTheNextStart() {
    create("stays", "10.0.0.1");
    create("goes", "10.0.0.2");
    create("restarts", "10.0.0.3");
    try (KubernetesWatch watch = watch()) {
      watch.start();
      await(watch::isWatching);
      await(() -> topic.pods().size() == 3);
    }
    long before = topic.podRecords();
    String uid = get("goes").getMetadata().getUid();
    delete("goes");
    restart("restarts");
    create("comes", "10.0.0.2");

    try (KubernetesWatch watch = watch()) {
      watch.start();
      await(watch::isWatching);
      await(() -> pod("restarts").containers().getFirst().runs().size() == 2);
      await(() -> pod("goes").isDeleted());
    }
    assertThat(topic.podRecords()).isEqualTo(before + 3);
    assertThat(topic.pods().keySet())
        .containsExactlyInAnyOrder("stays", "goes", "restarts", "comes");
    assertThat(pod("goes").uid()).isEqualTo(uid);
    assertThat(pod("restarts").containers().getFirst().runs()).hasSize(2);
  }

  @Test
  void aWriterThatWasReplaced_goesOnFromWhatTheOtherOneWrote() {
    create("a", "10.0.0.1");
    try (KubernetesWatch first = watch();
        KubernetesWatch second = watch()) {
      first.start();
      await(first::isWatching);
      second.start();
      await(second::isWatching);
      create("b", "10.0.0.2");
      await(() -> topic.pods().containsKey("b"));
      assertThat(pod("b").isDeleted()).isFalse();
      await(() -> first.health().detail().contains("another process does"));
      assertThat(second.isWatching()).isTrue();
    }
  }

  @Test
  void excludedPods_areLeftOut() {
    create("jaeger-agent-x", "10.0.0.1");
    create("cart", "10.0.0.2");
    KubernetesConfig usual = config();
    KubernetesConfig config =
        new KubernetesConfig(
            usual.enabled(),
            usual.cluster(),
            null,
            null,
            null,
            null,
            usual.filter(),
            new KubernetesConfig.Exclude(List.of(new KubernetesConfig.PodName("jaeger-agent"))),
            usual.extract(),
            usual.lease());
    try (KubernetesWatch watch = watch(config)) {
      watch.start();
      await(watch::isWatching);
      await(() -> !topic.pods().isEmpty());
      assertThat(topic.pods().keySet()).containsExactly("cart");
    }
  }

  private static boolean isOf(Pod pod, String deployment) {
    return deployment.equals(pod.attributes().get("k8s.deployment.name"));
  }

  /** A pod whose status is set by the test alone. */
  private void create(String name, String ip) {
    var running = Pods.running(name, name, ip).build();
    var pod =
        new PodBuilder(running)
            .editMetadata()
            .withNamespace(cluster().namespace())
            .withOwnerReferences()
            .endMetadata()
            .withNewSpec()
            .withSchedulerName("nobody")
            .addNewContainer()
            .withName("app")
            .withImage("registry.example/cart")
            .endContainer()
            .endSpec()
            .withStatus(null)
            .build();
    client.pods().resource(pod).create();
    client
        .pods()
        .withName(name)
        .editStatus(created ->
            new PodBuilder(created)
                .withStatus(
                    new PodStatusBuilder(running.getStatus())
                        .withQosClass(
                            created.getStatus() == null ? null : created.getStatus().getQosClass())
                        .build())
                .build());
  }

  private void restart(String name) {
    client
        .pods()
        .withName(name)
        .editStatus(pod -> {
          ContainerStatus again =
              new ContainerStatusBuilder(pod.getStatus().getContainerStatuses().getFirst())
                  .withContainerID("containerd://again")
                  .withRestartCount(1)
                  .build();
          return new PodBuilder(pod).editStatus().withContainerStatuses(again).endStatus().build();
        });
  }

  private void delete(String name) {
    client.pods().withName(name).withGracePeriod(0).delete();
  }

  private io.fabric8.kubernetes.api.model.Pod get(String name) {
    return client.pods().withName(name).get();
  }

  private KubernetesConfig config() {
    KubernetesConfig usual = KubernetesConfig.defaults();
    String only = cluster().isShared() ? cluster().namespace() : null;
    return new KubernetesConfig(
        true,
        "edge",
        null,
        null,
        null,
        null,
        new KubernetesConfig.Filter(only),
        usual.exclude(),
        usual.extract(),
        usual.lease());
  }

  private KubernetesWatch watch() {
    return watch(config());
  }

  private KubernetesWatch watch(KubernetesConfig config) {
    return new KubernetesWatch(
        config,
        cluster()::connect,
        topic::openLog,
        topic::openReader,
        Duration.ofHours(24),
        registry,
        InstantSource.system());
  }

  private Pod pod(String name) {
    return Objects.requireNonNull(topic.pods().get(name), name);
  }
}
