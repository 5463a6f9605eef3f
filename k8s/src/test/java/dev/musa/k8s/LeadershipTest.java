package dev.musa.k8s;

import static dev.musa.k8s.MockApi.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeadershipTest {
  private static final KubernetesConfig.Lease LEASE =
      new KubernetesConfig.Lease(null, "musa-control", "musa", Duration.ofSeconds(3));

  private final KubernetesMockServer server = MockApi.server();
  private NamespacedKubernetesClient client;

  @BeforeEach
  void startServer() {
    server.init();
    client = server.createClient();
  }

  @AfterEach
  void stopServer() {
    client.close();
    server.destroy();
  }

  @Test
  void oneWorks_andTheOtherTakesOverWhenItEnds() {
    Work first = new Work();
    Work second = new Work();
    try (Leadership standby = leadership("b", second)) {
      try (Leadership leader = leadership("a", first)) {
        leader.start();
        await(() -> first.runs);
        standby.start();
        await(() -> standby.health().detail().equals("stands by, a leads"));
        assertThat(standby.health().ready()).isTrue();
        assertThat(second.runs).isFalse();
      }
      assertThat(first.runs).isFalse();
      await(() -> second.runs);
    }
    assertThat(second.runs).isFalse();
  }

  @Test
  void oneWhoseLeaseIsTaken_ends() {
    Work work = new Work();
    AtomicInteger ended = new AtomicInteger();
    try (Leadership leader = leadership("a", work, ended::incrementAndGet)) {
      leader.start();
      await(() -> work.runs);
      client
          .leases()
          .inNamespace("musa")
          .withName("musa-control")
          .edit(lease -> {
            lease.getSpec().setHolderIdentity("intruder");
            return lease;
          });
      await(() -> ended.get() == 1);
    }
  }

  private Leadership leadership(String identity, Service work) {
    return leadership(identity, work, () -> {});
  }

  private Leadership leadership(String identity, Service work, Runnable lost) {
    return new Leadership(
        LEASE, server::createClient, identity, List.of(work), lost, new SimpleMeterRegistry());
  }

  private static final class Work implements Service {
    private volatile boolean runs;

    @Override
    public String name() {
      return "work";
    }

    @Override
    public void start() {
      runs = true;
    }

    @Override
    public void close() {
      runs = false;
    }

    @Override
    public Health health() {
      return Health.ok();
    }
  }
}
