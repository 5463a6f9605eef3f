package dev.musa.e2e;

import java.nio.file.Path;

/** The Kafka that MUSA runs on in a test. What MUSA made on it goes when it is closed. */
sealed interface Kafka extends AutoCloseable permits EmbeddedKafka, KafkaApart {
  /** Skips the test where there is no such Kafka. */
  void orSkip(String test);

  /** MUSA in this directory, on topics that nobody has used before. */
  Installation install(Path directory, String yaml);

  default Installation install(Path directory) {
    return install(directory, "");
  }

  @Override
  void close();
}
