package dev.musa.app.node;

import dev.musa.runtime.config.DataSize;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How the embedded node runs.
 *
 * @param data directory of everything durable: the lock, the format version and Kafka's logs
 * @param port loopback port of the broker; 0 = a free one
 * @param controllerPort loopback port of the controller, used by nobody but the node; 0 = a free
 *     one
 * @param fsync flush every write to the disk before it is acknowledged: safe against power loss,
 *     but slower; without it only against the end of the process
 * @param diskReserve intake is refused while less space than this is usable, so that what is in can
 *     drain
 * @param retentionAge how long records are kept at most after every reader has passed them
 * @param retentionSize how much all topics together may hold of what every reader has passed
 */
public record NodeConfig(
    Path data,
    int port,
    int controllerPort,
    boolean fsync,
    DataSize diskReserve,
    Duration retentionAge,
    DataSize retentionSize) {

  public NodeConfig {
    checkPort("port", port);
    checkPort("controllerPort", controllerPort);
    if (port != 0 && port == controllerPort) {
      throw new IllegalArgumentException(
          "controllerPort: " + controllerPort + " (expected: another one than port, or 0)");
    }
    if (!retentionAge.isPositive()) {
      throw new IllegalArgumentException("retentionAge: " + retentionAge + " (expected: > 0)");
    }
    if (retentionSize.bytes() <= 0) {
      throw new IllegalArgumentException("retentionSize: " + retentionSize + " (expected: > 0)");
    }
  }

  public static NodeConfig defaults() {
    return new NodeConfig(
        Path.of("data"),
        9092,
        0,
        false,
        DataSize.parse("1GiB"),
        Duration.ofHours(24),
        DataSize.parse("10GiB"));
  }

  /** The same node with everything in another directory. */
  public NodeConfig withData(Path other) {
    return new NodeConfig(
        other, port, controllerPort, fsync, diskReserve, retentionAge, retentionSize);
  }

  /** The same node on another port. */
  public NodeConfig withPort(int other) {
    return new NodeConfig(
        data, other, controllerPort, fsync, diskReserve, retentionAge, retentionSize);
  }

  private static void checkPort(String key, int port) {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(key + ": " + port + " (expected: 0 to 65535)");
    }
  }
}
