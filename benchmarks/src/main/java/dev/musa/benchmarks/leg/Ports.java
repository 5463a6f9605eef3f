package dev.musa.benchmarks.leg;

import dev.musa.app.FreePorts;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Ports of one run. Those of the backend and of Kafka can be chosen, for peers with a configuration
 * of their own.
 */
public record Ports(
    int kafka, int backendGrpc, int backendHttp, int otlpGrpc, int otlpHttp, List<Part> parts) {

  /** Where a part tells metrics and health. */
  public record Part(int admin, int health) {}

  public Ports {
    parts = List.copyOf(parts);
  }

  /** Free ones where 0 is given. */
  public static Ports choose(int kafka, int backendGrpc) {
    Deque<Integer> free = new ArrayDeque<>(FreePorts.find(5 + 2 * MusaSubject.PARTS.size()));
    return new Ports(
        kafka == 0 ? free.pop() : kafka,
        backendGrpc == 0 ? free.pop() : backendGrpc,
        free.pop(),
        free.pop(),
        free.pop(),
        MusaSubject.PARTS.stream().map(_ -> new Part(free.pop(), free.pop())).toList());
  }
}
