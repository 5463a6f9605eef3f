package dev.musa.sinks;

import dev.musa.runtime.config.DataSize;
import java.time.Duration;

/**
 * How every sink takes and delivers.
 *
 * @param linger how long a record waits for others to travel with
 * @param inFlight requests under way per partition and tenant; metrics always have one
 * @param concurrency requests under way per sink
 * @param buffer bytes that a sink reads ahead of its backend
 * @param window bytes that it reads ahead of the committed position of a partition: what it may
 *     deliver twice after a crash
 * @param retryInitial first wait after an answer that may pass; the waits grow up to retryMax
 * @param probeMax longest wait between two probes of a backend that refuses everything
 * @param drain how long closing waits for what is under way
 */
public record DeliveryConfig(
    Duration linger,
    int inFlight,
    int concurrency,
    DataSize buffer,
    DataSize window,
    Duration retryInitial,
    Duration retryMax,
    Duration probeMax,
    Duration drain) {

  public DeliveryConfig {
    positive("retryInitial", retryInitial);
    positive("retryMax", retryMax);
    positive("probeMax", probeMax);
    if (retryMax.compareTo(retryInitial) < 0) {
      throw new IllegalArgumentException(
          "retryMax is " + retryMax + " (expected: at least retryInitial, " + retryInitial + ")");
    }
    if (linger.isNegative() || drain.isNegative()) {
      throw new IllegalArgumentException(
          "linger is " + linger + ", drain is " + drain + " (expected: 0 or more)");
    }
    atLeastOne("inFlight", inFlight);
    atLeastOne("concurrency", concurrency);
    if (buffer.bytes() < 1 << 20 || window.bytes() < 1 << 20) {
      throw new IllegalArgumentException(
          "buffer is " + buffer + ", window is " + window + " (expected: at least 1MiB)");
    }
  }

  public static DeliveryConfig defaults() {
    return new DeliveryConfig(
        Duration.ofMillis(100),
        4,
        32,
        DataSize.ofMebibytes(32),
        DataSize.ofMebibytes(8),
        Duration.ofMillis(250),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        Duration.ofSeconds(4));
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is " + value + " (expected: more than 0)");
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + " (expected: at least 1)");
    }
  }
}
