package dev.musa.schemas;

/** The names of MUSA's Kafka consumer groups. */
public record Groups(String prefix) {
  /** The trace loop; its committed offset is that of the second pass. */
  public String traces() {
    return prefix + "-traces";
  }

  /** The Kafka Streams application of logs and metrics; also its {@code application.id}. */
  public String streams() {
    return prefix + "-processors";
  }

  /** The reader of one sink. */
  public String sink(String sinkName) {
    return prefix + "-sink-" + sinkName;
  }
}
