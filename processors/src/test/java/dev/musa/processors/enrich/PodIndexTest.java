package dev.musa.processors.enrich;

import static dev.musa.processors.enrich.PodFixtures.CLUSTER;
import static dev.musa.processors.enrich.PodFixtures.pod;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PodIndexTest {
  private static final long T = 1_700_000_000_000L;

  private final TestPods pods = new TestPods();

  @Test
  void howOldItsKnowledgeIs_isMeasured_forEachClusterThatThereIs() {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T));
    pods.seenTo(CLUSTER, T);
    pods.seenTo("west", T + 1_500);
    pods.at(T + 2_000);

    assertThat(secondsBehind(CLUSTER)).isEqualTo(2.0);
    assertThat(secondsBehind("west")).isEqualTo(0.5);
    pods.seenTo(CLUSTER, T + 1_750);
    assertThat(secondsBehind(CLUSTER)).isEqualTo(0.25);

    pods.readAnew();
    pods.seenTo("west", T + 2_000);
    assertThat(secondsBehind("west")).isZero();
    assertThat(pods.meters().find("musa.kubernetes.index.behind").gauges()).hasSize(1);
  }

  @Test
  void aClusterOfWhichNothingIsLeft_isWatchedNoMore() {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T));
    pods.seenTo(CLUSTER, T);

    pods.remove(CLUSTER, "u1");
    assertThat(pods.index().of(CLUSTER)).isNotNull();
    pods.forget(CLUSTER);
    assertThat(pods.index().of(CLUSTER)).isNull();
    assertThat(pods.meters().find("musa.kubernetes.index.behind").gauges()).isEmpty();
  }

  private double secondsBehind(String cluster) {
    return pods.meters()
        .get("musa.kubernetes.index.behind")
        .tag("cluster", cluster)
        .gauge()
        .value();
  }
}
