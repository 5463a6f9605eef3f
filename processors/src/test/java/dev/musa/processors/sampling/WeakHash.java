package dev.musa.processors.sampling;

import java.util.random.RandomGenerator;

/** A hash of few bits, so that collisions are common. */
final class WeakHash extends TraceHash {
  private final int fingerprintBits;
  private final int spreadBits;

  WeakHash(RandomGenerator keys, int fingerprintBits, int spreadBits) {
    super(keys);
    this.fingerprintBits = fingerprintBits;
    this.spreadBits = spreadBits;
  }

  @Override
  void of(long high, long low) {
    super.of(high, low);
    fingerprint = fingerprintBits == 0 ? 0 : fingerprint >>> -fingerprintBits << -fingerprintBits;
    spread = spreadBits == 0 ? 0 : spread >>> -spreadBits;
  }
}
