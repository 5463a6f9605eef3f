package dev.musa.app.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Keeps Kafka's own talk out of the tests' output, as the product does. */
final class TestLogging {
  private TestLogging() {}

  static void quiet() {
    level(org.slf4j.Logger.ROOT_LOGGER_NAME, Level.WARN);
    // A line for each partition and question of a consumer that asks without an assignment.
    level("org.apache.kafka.clients.consumer.internals.OffsetFetcherUtils", Level.ERROR);
  }

  static void level(String logger, Level level) {
    ((Logger) LoggerFactory.getLogger(logger)).setLevel(level);
  }
}
