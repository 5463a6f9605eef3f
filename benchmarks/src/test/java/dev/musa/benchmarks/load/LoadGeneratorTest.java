package dev.musa.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.benchmarks.backend.Backend;
import dev.musa.benchmarks.backend.BackendClient;
import dev.musa.benchmarks.backend.BackendStats;
import dev.musa.benchmarks.payload.Payload;
import dev.musa.benchmarks.payload.Pool;
import dev.musa.benchmarks.payload.Traffic;
import dev.musa.schemas.Signal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadGeneratorTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Pool POOL = Pool.of(Payload.named("default"), Traffic.MIXED, 1);

  @ParameterizedTest
  @ValueSource(doubles = {0, 20_000})
  void everythingSent_isAcknowledgedAndReceivedOnce(double rate) throws InterruptedException {
    try (Backend backend = new Backend(0, 0);
        LoadGenerator load = generator(backend.grpcPort(), new Pace(rate, 2, 8))) {
      load.start();
      sendSome(load);

      assertThat(load.stop(LIMIT)).isTrue();
      LoadCounts counts = load.counts();
      BackendStats stats = backend.stats();
      assertThat(counts.failures()).isEmpty();
      for (Signal signal : Signal.values()) {
        LoadCounts.Sent sent = counts.of(signal);
        assertThat(sent.acknowledged()).isPositive().isEqualTo(sent.sent());
        assertThat(stats.of(signal).items()).isEqualTo(sent.sent());
        assertThat(stats.of(signal).errors()).isEqualTo(sent.errors());
      }
      assertThat(load.takeLatency().getTotalCount()).isEqualTo(counts.requests());
    }
  }

  @Test
  void nobodyThere_countsAsFailed() throws InterruptedException {
    int port;
    try (Backend backend = new Backend(0, 0)) {
      port = backend.grpcPort();
    }
    try (LoadGenerator load = generator(port, new Pace(0, 1, 1))) {
      load.start();
      while (load.counts().failed() == 0) {
        Thread.onSpinWait();
      }

      assertThat(load.stop(LIMIT)).isTrue();
      LoadCounts counts = load.counts();
      assertThat(counts.acknowledged()).isZero();
      assertThat(counts.failed()).isEqualTo(counts.sent());
      assertThat(counts.failures()).containsOnlyKeys("UNAVAILABLE");
    }
  }

  @Test
  void backend_forgetsOnReset() throws InterruptedException {
    try (Backend backend = new Backend(0, 0);
        BackendClient client = new BackendClient(backend.httpPort());
        LoadGenerator load = generator(backend.grpcPort(), new Pace(0, 1, 2))) {
      load.start();
      sendSome(load);
      assertThat(load.stop(LIMIT)).isTrue();

      assertThat(client.stats().items()).isEqualTo(load.counts().sent());
      assertThat(client.stats().of(Signal.TRACES).delay().count()).isPositive();
      client.reset();
      assertThat(client.stats().items()).isZero();
      assertThat(client.stats().of(Signal.TRACES).delay().count()).isZero();
    }
  }

  @Test
  void latencyAndDelay_areOfTheWindowOnly() throws InterruptedException {
    try (Backend backend = new Backend(0, 0);
        BackendClient client = new BackendClient(backend.httpPort());
        LoadGenerator load = generator(backend.grpcPort(), new Pace(0, 1, 2))) {
      load.start();
      sendSome(load);
      client.beginWindow();
      load.beginWindow();
      client.endWindow();
      assertThat(load.stop(LIMIT)).isTrue();

      assertThat(load.takeLatency().getTotalCount()).isLessThan(load.counts().requests());
      long items = client.stats().items();
      long delays = 0;
      for (Signal signal : Signal.values()) {
        delays += client.stats().of(signal).delay().count();
      }
      assertThat(delays).isLessThan(items);
    }
  }

  private static LoadGenerator generator(int port, Pace pace) {
    return new LoadGenerator(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), POOL, pace, 1);
  }

  private static void sendSome(LoadGenerator load) {
    while (load.counts().acknowledged() < 2_000) {
      Thread.onSpinWait();
    }
  }
}
