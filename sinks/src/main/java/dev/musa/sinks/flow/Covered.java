package dev.musa.sinks.flow;

import dev.musa.schemas.Signal;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.Entry;
import dev.musa.schemas.ledger.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What the next commit of a partition covers.
 *
 * @param from the first offset
 * @param to the position to commit
 * @param expired how many offsets between retention has deleted
 * @param receipts of the records between
 */
public record Covered(
    TopicPartition partition,
    Signal signal,
    long from,
    long to,
    long expired,
    List<Receipt> receipts) {

  /** What the dead letters among it weigh. */
  public long letterBytes() {
    return receipts.stream().mapToLong(Receipt::letterBytes).sum();
  }

  /** What the ledger has to hold of it. */
  public Entry entry(String sink) {
    List<Line> taken = new ArrayList<>();
    List<Line> outcomes = new ArrayList<>();
    for (var receipt : receipts) {
      taken.add(receipt.taken());
      outcomes.addAll(receipt.outcomes());
    }
    var account = new Account(Account.sink(sink), signal, partition.topic(), partition.partition());
    return new Entry(account, from, to, receipts.size(), expired, added(taken), added(outcomes));
  }

  private static List<Line> added(List<Line> lines) {
    Map<Line, Line> sums = new LinkedHashMap<>();
    for (var line : lines) {
      if (line.items() == 0 && line.bytes() == 0) {
        continue;
      }
      var fate = new Line(line.tenant(), line.outcome(), line.reason(), 0, 0);
      sums.merge(fate, line, Line::plus);
    }
    return List.copyOf(sums.values());
  }
}
