package dev.musa.e2e;

import java.nio.file.Path;

/** The node in MUSA's own process, with its data in MUSA's directory. */
record EmbeddedKafka() implements Kafka {
  @Override
  public void orSkip(String test) {
    // Always there.
  }

  @Override
  public Installation install(Path directory, String yaml) {
    return Installation.in(directory, yaml);
  }

  @Override
  public void close() {
    // It ends with MUSA.
  }

  @Override
  public String toString() {
    return "the embedded Kafka";
  }
}
