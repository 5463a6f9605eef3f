package dev.musa.schemas.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.musa.schemas.Signal;

/**
 * In the build each method runs over the inputs kept in {@code src/test/resources}; with {@code
 * JAZZER_FUZZ=1} it fuzzes (see CONTRIBUTING.md).
 */
class WireFuzzTest {
  @FuzzTest(maxDuration = "30m")
  void traces(byte[] bytes) {
    WireFuzz.walk(Signal.TRACES, bytes);
  }

  @FuzzTest(maxDuration = "30m")
  void logs(byte[] bytes) {
    WireFuzz.walk(Signal.LOGS, bytes);
  }

  @FuzzTest(maxDuration = "30m")
  void metrics(byte[] bytes) {
    WireFuzz.walk(Signal.METRICS, bytes);
  }
}
