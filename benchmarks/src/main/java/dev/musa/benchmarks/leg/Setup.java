package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.payload.KnownPods;
import dev.musa.benchmarks.process.MusaJvm;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How MUSA runs.
 *
 * @param data where Kafka and the parts keep their data; a directory of its own for each run
 * @param rules directory of the rules; null: everything is kept
 * @param allInOne whether one process does all
 * @param drains whether what drains Kafka runs at all, where one process does all
 * @param config a YAML file that is laid over the bench's own configuration; null: none
 * @param pods what Kubernetes says before anything is sent; null: nothing, and nobody looks whether
 *     it was joined
 */
public record Setup(
    MusaJvm jvm,
    Path data,
    Ports ports,
    int partitions,
    @Nullable Path rules,
    SinkKind sink,
    boolean allInOne,
    boolean drains,
    @Nullable Path config,
    @Nullable KnownPods pods) {

  /** The same with other topics. */
  public Setup withPartitions(int other) {
    return new Setup(jvm, data, ports, other, rules, sink, allInOne, drains, config, pods);
  }

  /** The same with other rules. */
  public Setup withRules(Path directory) {
    return new Setup(jvm, data, ports, partitions, directory, sink, allInOne, drains, config, pods);
  }

  /** The same with other pods. */
  public Setup withPods(KnownPods other) {
    return new Setup(jvm, data, ports, partitions, rules, sink, allInOne, drains, config, other);
  }

  /** The same, and what drains Kafka stands still. */
  public Setup withoutDrain() {
    return new Setup(jvm, data, ports, partitions, rules, sink, allInOne, false, config, pods);
  }

  /** The same with data in another directory. */
  public Setup in(Path directory) {
    return new Setup(
        jvm, directory, ports, partitions, rules, sink, allInOne, drains, config, pods);
  }
}
