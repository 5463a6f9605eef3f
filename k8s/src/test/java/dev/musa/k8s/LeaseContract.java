package dev.musa.k8s;

import static dev.musa.k8s.Await.await;
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

/** Who works and who stands by, whatever the API server. */
public abstract class LeaseContract {
  private static final String NAME = "musa-control";

  protected abstract TestCluster cluster();

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
    try (KubernetesClient client = cluster().connect();
        Leadership leader = leadership("a", work, ended::incrementAndGet)) {
      leader.start();
      await(() -> work.runs);
      await(() -> isTaken(client));
      await(() -> ended.get() == 1);
    }
  }

  /** Tries to take the Lease; false if its holder has renewed it meanwhile. */
  private boolean isTaken(KubernetesClient client) {
    try {
      client
          .leases()
          .inNamespace(cluster().namespace())
          .withName(NAME)
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
    KubernetesConfig.Lease lease =
        new KubernetesConfig.Lease(null, NAME, cluster().namespace(), Duration.ofSeconds(3));
    return new Leadership(
        lease, cluster()::connect, identity, List.of(work), lost, new SimpleMeterRegistry());
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
