package dev.musa.benchmarks.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.metadata.Pod;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KnownPodsTest {
  private static final int SENDING = 40;
  private static final Pool POOL = Pool.of(Payload.defaults(), Traffic.TRACES, 4);

  @Test
  void pods_areThoseThatSendAndOthersUpToTheNumber() {
    KnownPods pods = KnownPods.of(POOL, 1_000);

    assertThat(pods.sending()).hasSize(SENDING);
    assertThat(pods.number()).isEqualTo(1_000);
    assertThat(pods.get(0)).isEqualTo(pods.sending().getFirst());
    assertThat(pods.get(SENDING)).isEqualTo(BenchPods.other(0));
    assertThat(IntStream.range(0, 1_000).mapToObj(pods::get).map(Pod::uid)).doesNotHaveDuplicates();
  }

  @Test
  void fewerThanThoseThatSend_areAsManyAsThose() {
    assertThat(KnownPods.of(POOL, 10).number()).isEqualTo(SENDING);
  }

  @Test
  void none_isNone() {
    assertThat(KnownPods.of(POOL, 0).number()).isZero();
  }

  @Test
  void resourcesWithoutUid_areRefused() {
    TraceShape usual = TraceShape.defaults();
    TraceShape anonymous =
        new TraceShape(50, 425, 10, 4, 8, usual.services(), usual.pods(), 1, 0.01, 0.01);
    Pool pool = Pool.of(Payload.defaults().withTraces(anonymous), Traffic.TRACES, 4);

    assertThatThrownBy(() -> KnownPods.of(pool, 10))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("has no k8s.pod.uid");
  }
}
