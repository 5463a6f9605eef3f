package dev.musa.rules;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that the test moves. */
final class TestClock implements InstantSource {
  private long unixMilli = 1_700_000_000_000L;

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(unixMilli);
  }

  void advance(Duration by) {
    unixMilli += by.toMillis();
  }
}
