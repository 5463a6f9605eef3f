package dev.musa.benchmarks.payload;

import dev.musa.schemas.Signal;
import dev.musa.schemas.metadata.Pod;
import java.util.ArrayList;
import java.util.List;

/**
 * The pods that Kubernetes tells of: first those that send, then others up to a number. They are
 * made when they are asked for, as there may be a hundred thousand.
 *
 * @param number of all of them
 */
public record KnownPods(List<Pod> sending, int number) {
  public KnownPods {
    sending = List.copyOf(sending);
    if (number != 0 && number < sending.size()) {
      throw new IllegalArgumentException(
          "number: %d (expected: 0, or at least the %d that send)"
              .formatted(number, sending.size()));
    }
  }

  /** Those that send spans and as many others as make up the number; none for 0. */
  public static KnownPods of(Pool pool, int atLeast) {
    List<byte[]> requests = new ArrayList<>();
    for (Template template : pool.templates()) {
      if (template.signal() == Signal.TRACES) {
        byte[] request = new byte[template.size()];
        template.writeTo(request, Stamp.ofCycle(0, 0, 0));
        requests.add(request);
      }
    }
    List<Pod> sending = BenchPods.of(requests);
    return new KnownPods(sending, atLeast == 0 ? 0 : Math.max(atLeast, sending.size()));
  }

  /** One of them, counted from 0. */
  public Pod get(int index) {
    return index < sending.size() ? sending.get(index) : BenchPods.other(index - sending.size());
  }
}
