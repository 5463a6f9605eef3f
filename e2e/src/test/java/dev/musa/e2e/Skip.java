package dev.musa.e2e;

import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;

/** Skips a test and says why where one sees it. */
final class Skip {
  private Skip() {}

  static void unless(boolean condition, String test, String reason) {
    if (!condition) {
      System.out.println("SKIPPED: " + test + ": " + reason);
    }
    Assumptions.assumeTrue(condition, reason);
  }

  static void unlessDocker(String test) {
    unless(
        DockerClientFactory.instance().isDockerAvailable(),
        test,
        "it needs Docker, and none is running here");
  }
}
