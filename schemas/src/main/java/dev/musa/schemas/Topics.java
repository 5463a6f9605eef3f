package dev.musa.schemas;

/** The names of MUSA's Kafka topics, the only place that knows them. */
public record Topics(String prefix) {
  public static final String DEFAULT_PREFIX = "musa";

  public Topics {
    if (!prefix.matches("[a-zA-Z0-9._-]{1,100}")) {
      throw new IllegalArgumentException(
          "topic prefix: " + prefix + " (expected: 1 to 100 of the characters a-z A-Z 0-9 . _ -)");
    }
  }

  /** What the collector publishes. */
  public String raw(Signal signal) {
    return prefix + "." + signal.label() + ".raw";
  }

  /** What the processors publish; read it with {@code isolation.level=read_committed}. */
  public String processed(Signal signal) {
    return prefix + "." + signal.label();
  }

  /** Logs or metrics whose pod is not known yet; as many partitions as the raw topic. */
  public String waiting(Signal signal) {
    return prefix + "." + signal.label() + ".waiting";
  }

  /** The verdict on each trace; as many partitions as the raw traces. */
  public String decisions() {
    return prefix + ".traces.decisions";
  }

  /** Rule sets, each one record. */
  public String rules() {
    return prefix + ".rules";
  }

  /** What the Kubernetes API knows of the pods, a record for each. */
  public String kubernetesMetadata() {
    return prefix + ".kubernetes.metadata";
  }

  /** What became of every item, an entry for each commit of each reader. */
  public String ledger() {
    return prefix + ".ledger";
  }

  /** The entries of the ledger, added up now and then. */
  public String ledgerSnapshot() {
    return prefix + ".ledger.snapshot";
  }

  /** What single sinks are to deliver again: dead letters and replays. */
  public String redrive(Signal signal) {
    return prefix + "." + signal.label() + ".redrive";
  }

  /** Which dead letters have been dealt with, and how. */
  public String deadLetterDone() {
    return prefix + ".deadletter.done";
  }

  /** What could not be processed or delivered. */
  public String deadLetter() {
    return prefix + ".deadletter";
  }
}
