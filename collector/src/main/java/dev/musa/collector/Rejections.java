package dev.musa.collector;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The items of one request that are left out while the rest is accepted, counted by reason. Added
 * to by the splitter, then by Kafka's answers; read when all of those are in.
 */
final class Rejections {
  /** A reason: its metric label, and what the client is told. */
  record Cause(String label, String message) {}

  /** Visits one reason and how many items it cost. */
  interface Visitor {
    void visit(String label, long items);
  }

  private final ReentrantLock adding = new ReentrantLock();
  private final Map<Cause, Long> itemsByCause = new LinkedHashMap<>();
  private long total;

  void add(Cause cause, long items) {
    adding.lock();
    try {
      itemsByCause.merge(cause, items, Long::sum);
      total += items;
    } finally {
      adding.unlock();
    }
  }

  long total() {
    return total;
  }

  void forEach(Visitor visitor) {
    itemsByCause.forEach((cause, items) -> visitor.visit(cause.label(), items));
  }

  /** What the client is told: {@code 3 spans refused: 2 x ...; 1 x ...}; empty if none was. */
  String message(String itemNoun) {
    if (total == 0) {
      return "";
    }
    StringBuilder message = new StringBuilder();
    message.append(total).append(' ').append(itemNoun).append(" refused: ");
    String separator = "";
    for (Map.Entry<Cause, Long> entry : itemsByCause.entrySet()) {
      message.append(separator).append(entry.getValue()).append(" x ");
      message.append(entry.getKey().message());
      separator = "; ";
    }
    return message.toString();
  }
}
