package dev.musa.k8s;

import static dev.musa.k8s.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.lifecycle.StartupException;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Against an API server that keeps what it is told and tells it on, and has nobody else in it. */
class KubernetesWatchTest extends WatchContract {
  private final FakeMetadataTopic topic = new FakeMetadataTopic();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  @RegisterExtension private final MockApi api = new MockApi();
  private @TempDir Path directory;
  private KubernetesClient client;

  @Override
  protected TestCluster cluster() {
    return api;
  }

  @BeforeEach
  void open() {
    client = api.connect();
  }

  @AfterEach
  void shut() {
    client.close();
  }

  @Test
  void otherNamespaces_areLeftOut() {
    create(Pods.running("u2", "cart", "10.0.0.2"));
    create(
        Pods.running("u3", "elsewhere", "10.0.0.3")
            .editMetadata()
            .withNamespace("dev")
            .endMetadata());
    try (KubernetesWatch watch = watch(config(null, new KubernetesConfig.Filter("prod")))) {
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
      session =
          new WatchSession(
              client,
              config(null, KubernetesConfig.defaults().filter()),
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

  /** Nothing comes and nothing is closed, as where a firewall has forgotten the connection. */
  @Test
  @Timeout(60)
  void aConnectionThatIsDead_isNoWatch_andNothingIsSaidToBeSeen() {
    create(Pods.running("u1", "cart", "10.0.0.1"));
    try (StallingProxy way = new StallingProxy(api.port());
        KubernetesWatch watch = watch(config(kubeconfig(way.port())))) {
      watch.start();
      await(watch::isWatching);
      await(() -> topic.seenTo() > 0);

      way.stall();
      long stalled = System.currentTimeMillis();
      await(() -> !watch.isWatching());
      assertThat(topic.seenTo()).isLessThan(stalled + 3_000);
      create(Pods.running("u2", "late", "10.0.0.2"));

      way.goOn();
      await(watch::isWatching);
      await(() -> topic.pods().containsKey("late"));
      await(() -> topic.seenTo() > stalled + 3_000);
    }
  }

  @Test
  void missingKubeconfig_isNamed() {
    KubernetesConfig config =
        config(Path.of("nowhere/config"), KubernetesConfig.defaults().filter());
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

  private Path kubeconfig(int port) {
    return Kubeconfig.write(directory.resolve("kubeconfig"), port);
  }

  private static KubernetesConfig config(Path kubeconfig) {
    return config(kubeconfig, KubernetesConfig.defaults().filter());
  }

  private static KubernetesConfig config(
      @Nullable Path kubeconfig, KubernetesConfig.Filter filter) {
    KubernetesConfig usual = KubernetesConfig.defaults();
    return new KubernetesConfig(
        true,
        "edge",
        kubeconfig,
        null,
        null,
        null,
        filter,
        usual.exclude(),
        usual.extract(),
        usual.lease());
  }

  private KubernetesWatch watch(KubernetesConfig config) {
    return new KubernetesWatch(
        config,
        config.kubeconfig() == null ? api::connect : () -> Clients.connect(config),
        topic::openLog,
        topic::openReader,
        Duration.ofHours(24),
        registry,
        InstantSource.system());
  }
}
