package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.process.Watched;
import dev.musa.schemas.Signal;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is measured: MUSA, or another collector. Its processes start in the order in which data
 * flows, and end with the stage that they were started on.
 */
public interface Subject {
  String name();

  /** Starts what is there before any telemetry: Kafka, and for MUSA the rules. */
  List<Watched> prepare() throws InterruptedException;

  /** Starts what takes OTLP to Kafka. */
  List<Watched> startIntake() throws InterruptedException;

  /** Ends what takes OTLP to Kafka. */
  void stopIntake();

  /** Starts what takes it from Kafka to the backend. */
  List<Watched> startDrain() throws InterruptedException;

  /** Where OTLP/gRPC is taken. */
  InetSocketAddress target();

  /** The Kafka in between; null if there is none that the bench knows. */
  @Nullable String bootstrapServers();

  /** The topic that the intake fills. */
  String topic(Signal signal);

  /** What its drain writes on the way to the backend, transactionally; null if there is none. */
  default @Nullable String processedTopic(Signal signal) {
    return null;
  }

  /** Whether its group commits a record only once it has done with it. */
  default boolean commitsWhatIsDone() {
    return false;
  }

  /** The consumer group that reads this topic. */
  String group(Signal signal);

  /** What its drain says of pods; null if it was told of none. */
  default @Nullable PodFigures pods() {
    return null;
  }

  /** Throws if one of its processes has ended. */
  void check();
}
