package dev.musa.k8s;

import static dev.musa.k8s.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class LeadershipTest extends LeaseContract {
  @RegisterExtension private final MockApi api = new MockApi();
  private @TempDir Path directory;

  @Override
  protected TestCluster cluster() {
    return api;
  }

  @Test
  @Timeout(60)
  void oneThatIsCutOff_endsBeforeAnotherMayHaveTheLease() {
    KubernetesConfig usual = KubernetesConfig.defaults();
    AtomicLong ended = new AtomicLong();
    try (StallingProxy way = new StallingProxy(api.port())) {
      KubernetesConfig config =
          new KubernetesConfig(
              true,
              "edge",
              Kubeconfig.write(directory.resolve("kubeconfig"), way.port()),
              null,
              null,
              null,
              usual.filter(),
              usual.exclude(),
              usual.extract(),
              new KubernetesConfig.Lease(true, "musa-control", "test", Duration.ofSeconds(6)));
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      try (Leadership leader =
          new Leadership(config, "a", List.of(), () -> ended.set(System.nanoTime()), registry)) {
        leader.start();
        await(() -> leads(registry));

        way.stall();
        long stalled = System.nanoTime();
        await(() -> ended.get() != 0);
        assertThat(Duration.ofNanos(ended.get() - stalled)).isLessThan(Duration.ofSeconds(6));
        assertThat(leads(registry)).isFalse();
        way.goOn();
      }
    }
  }

  private static boolean leads(SimpleMeterRegistry registry) {
    return registry.get("musa.control.leader").gauge().value() == 1;
  }
}
