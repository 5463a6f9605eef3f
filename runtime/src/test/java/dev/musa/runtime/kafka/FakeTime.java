package dev.musa.runtime.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only in pauses. */
final class FakeTime implements Pause {

  final List<Duration> pauses = new ArrayList<>();
  private long now = 1_000_000_007L;

  long nanoTime() {
    return now;
  }

  @Override
  public void pause(Duration time) {
    pauses.add(time);
    now += time.toNanos();
  }

  KafkaCalls within(Duration timeout) {
    return new KafkaCalls("Kafka at broker0:9092", timeout, this::nanoTime, this);
  }
}
