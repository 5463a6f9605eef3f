package dev.musa.processors.traces;

import dev.musa.runtime.lifecycle.Health;

/** What one loop thread shows of itself to others. */
record LoopStatus(
    Health health, long waitingTraces, long rememberedTraces, long oldestPendingUnixMilli) {
  static final LoopStatus STARTING =
      new LoopStatus(Health.notReady("joining the group"), 0, 0, Long.MAX_VALUE);

  LoopStatus with(Health health) {
    return new LoopStatus(health, waitingTraces, rememberedTraces, oldestPendingUnixMilli);
  }
}
