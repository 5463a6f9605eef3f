package dev.musa.processors.enrich;

import dev.musa.processors.stages.UnitOfWork;
import dev.musa.schemas.Signal;
import java.util.HashMap;
import java.util.Map;

/** Counts what of one Kafka record goes on without its pod, and why. For one thread. */
public final class Unenriched {
  private final Map<String, Long> items = new HashMap<>();

  public void clear() {
    items.clear();
  }

  /** Adds an item; an empty reason is none. */
  public void add(String reason) {
    if (!reason.isEmpty()) {
      items.merge(reason, 1L, Long::sum);
    }
  }

  /** Hands on what was added. */
  public void count(String tenant, Signal signal, UnitOfWork work) {
    items.forEach((reason, number) -> work.countUnenriched(tenant, signal, reason, number));
  }
}
