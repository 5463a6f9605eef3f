package dev.musa.k8s;

import static dev.musa.k8s.MockApi.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.metadata.Pod;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Against an API server that keeps what it is told and tells it on. */
class KubernetesWatchTest {
  private final FakeMetadataTopic topic = new FakeMetadataTopic();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  @RegisterExtension private final MockApi api = new MockApi();
  private KubernetesClient client;

  @BeforeEach
  void connect() {
    client = api.connect();
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Test
  void podsThatAreThere_andThatCome_arePublished() {
    String replicaSet =
        client
            .apps()
            .replicaSets()
            .inNamespace("prod")
            .resource(Pods.replicaSet("rs-1", "cart-7d9", "cart"))
            .create()
            .getMetadata()
            .getUid();
    create(
        Pods.running("u1", "cart-1", "10.0.0.1")
            .editMetadata()
            .editOwnerReference(0)
            .withUid(replicaSet)
            .endOwnerReference()
            .endMetadata());
    try (KubernetesWatch watch = watch()) {
      watch.start();
      await(watch::isWatching);
      assertThat(pod("cart-1").attributes())
          .containsEntry("k8s.deployment.name", "cart")
          .containsEntry("service.name", "cart");
      assertThat(pod("cart-1").owners().getLast().uid()).isEqualTo("d-1");

      create(Pods.running("u2", "cart-2", "10.0.0.2"));
      await(() -> topic.pods().containsKey("cart-2"));
      assertThat(gauge("musa.kubernetes.pods")).isEqualTo(2);
      assertThat(gauge("musa.kubernetes.watching")).isEqualTo(1);

      client.pods().inNamespace("prod").withName("cart-1").withGracePeriod(0).delete();
      await(() -> pod("cart-1").isDeleted());
      assertThat(pod("cart-1").addresses().getFirst().untilUnixMilli()).isPositive();
    }
  }

  @Test
  void whatChangedWhileNobodyWatched_isPublishedAtTheNextStart() {
    create(Pods.running("u1", "stays", "10.0.0.1"));
    create(Pods.running("u2", "goes", "10.0.0.2"));
    create(Pods.running("u3", "restarts", "10.0.0.3"));
    try (KubernetesWatch watch = watch()) {
      watch.start();
      await(watch::isWatching);
      await(() -> topic.pods().size() == 3);
    }
    long before = topic.podRecords();
    String uid = uidOf("goes");
    client.pods().inNamespace("prod").withName("goes").withGracePeriod(0).delete();
    client
        .pods()
        .inNamespace("prod")
        .withName("restarts")
        .editStatus(pod ->
            new PodBuilder(pod)
                .editStatus()
                .withContainerStatuses(
                    new ContainerStatusBuilder(pod.getStatus().getContainerStatuses().getFirst())
                        .withContainerID("containerd://again")
                        .withRestartCount(1)
                        .build())
                .endStatus()
                .build());
    create(Pods.running("u4", "comes", "10.0.0.2"));

    try (KubernetesWatch watch = watch()) {
      watch.start();
      await(watch::isWatching);
      await(() -> pod("restarts").containers().getFirst().runs().size() == 2);
      await(() -> pod("goes").isDeleted());
    }
    assertThat(topic.podRecords()).isEqualTo(before + 3);
    assertThat(topic.pods().keySet())
        .containsExactlyInAnyOrder("stays", "goes", "restarts", "comes");
    assertThat(pod("goes").isDeleted()).isTrue();
    assertThat(pod("goes").uid()).isEqualTo(uid);
    assertThat(pod("restarts").containers().getFirst().runs()).hasSize(2);
  }

  @Test
  void aWriterThatWasReplaced_goesOnFromWhatTheOtherOneWrote() {
    create(Pods.running("u1", "a", "10.0.0.1"));
    try (KubernetesWatch first = watch();
        KubernetesWatch second = watch()) {
      first.start();
      await(first::isWatching);
      second.start();
      await(second::isWatching);
      create(Pods.running("u2", "b", "10.0.0.2"));
      await(() -> topic.pods().containsKey("b"));
      assertThat(pod("b").isDeleted()).isFalse();
      await(() -> first.health().detail().contains("another process does"));
      assertThat(second.isWatching()).isTrue();
    }
  }

  @Test
  void excludedPods_andOtherNamespaces_areLeftOut() {
    create(Pods.running("u1", "jaeger-agent-x", "10.0.0.1"));
    create(Pods.running("u2", "cart", "10.0.0.2"));
    create(
        Pods.running("u3", "elsewhere", "10.0.0.3")
            .editMetadata()
            .withNamespace("dev")
            .endMetadata());
    KubernetesConfig config =
        config(
            null,
            new KubernetesConfig.Filter("prod"),
            new KubernetesConfig.Exclude(List.of(new KubernetesConfig.PodName("jaeger-agent"))));
    try (KubernetesWatch watch = watch(config)) {
      watch.start();
      await(watch::isWatching);
      await(() -> !topic.pods().isEmpty());
      assertThat(topic.pods().keySet()).containsExactly("cart");
    }
  }

  @Test
  @Timeout(30)
  void afterTheEnd_whatIsShownHoldsNobodyUp() throws Exception {
    WatchSession session;
    try (MetadataLog log = topic.openLog()) {
      KubernetesConfig usual = KubernetesConfig.defaults();
      session =
          new WatchSession(
              client,
              config(null, usual.filter(), usual.exclude()),
              log,
              Duration.ofHours(24),
              registry.counter("published"),
              InstantSource.system());
      session.run(topic.openReader(), () -> false);
    }
    for (int i = 0; i < 2_000; i++) {
      session.shown(Pods.running("u" + i, "p" + i, "10.0.0.1").build());
    }
  }

  @Test
  void missingKubeconfig_isNamed() {
    KubernetesConfig usual = KubernetesConfig.defaults();
    KubernetesConfig config = config(Path.of("nowhere/config"), usual.filter(), usual.exclude());
    try (KubernetesWatch watch = watch(config)) {
      assertThatThrownBy(watch::start)
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("kubernetes.kubeconfig is nowhere/config");
    }
  }

  private void create(PodBuilder pod) {
    var built = pod.build();
    client.pods().inNamespace(built.getMetadata().getNamespace()).resource(built).create();
  }

  private String uidOf(String name) {
    return client.pods().inNamespace("prod").withName(name).get().getMetadata().getUid();
  }

  private static KubernetesConfig config(
      @Nullable Path kubeconfig, KubernetesConfig.Filter filter, KubernetesConfig.Exclude exclude) {
    KubernetesConfig usual = KubernetesConfig.defaults();
    return new KubernetesConfig(
        true,
        "edge",
        kubeconfig,
        null,
        null,
        null,
        filter,
        exclude,
        usual.extract(),
        usual.lease());
  }

  private KubernetesWatch watch() {
    KubernetesConfig usual = KubernetesConfig.defaults();
    return watch(config(null, usual.filter(), usual.exclude()));
  }

  private KubernetesWatch watch(KubernetesConfig config) {
    return new KubernetesWatch(
        config,
        api::connect,
        topic::openLog,
        topic::openReader,
        Duration.ofHours(24),
        registry,
        InstantSource.system());
  }

  private Pod pod(String name) {
    return Objects.requireNonNull(topic.pods().get(name), name);
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }
}
