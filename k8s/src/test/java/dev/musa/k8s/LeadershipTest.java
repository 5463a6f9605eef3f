package dev.musa.k8s;

import static dev.musa.k8s.MockApi.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LeadershipTest {
  private static final KubernetesConfig.Lease LEASE =
      new KubernetesConfig.Lease(null, "musa-control", "musa", Duration.ofSeconds(3));

  @RegisterExtension private final MockApi api = new MockApi();

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
    try (KubernetesClient client = api.connect();
        Leadership leader = leadership("a", work, ended::incrementAndGet)) {
      leader.start();
      await(() -> work.runs);
      await(() -> isTaken(client));
      await(() -> ended.get() == 1);
    }
  }

  /** Tries to take the Lease; false if its holder has renewed it meanwhile. */
  private static boolean isTaken(KubernetesClient client) {
    try {
      client
          .leases()
          .inNamespace("musa")
          .withName("musa-control")
          .edit(lease -> {
            lease.getSpec().setHolderIdentity("intruder");
            return lease;
          });
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  private Leadership leadership(String identity, Service work) {
    return leadership(identity, work, () -> {});
  }

  private Leadership leadership(String identity, Service work, Runnable lost) {
    return new Leadership(
        LEASE, api::connect, identity, List.of(work), lost, new SimpleMeterRegistry());
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
