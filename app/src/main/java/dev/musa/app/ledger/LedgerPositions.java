package dev.musa.app.ledger;

import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.schemas.Topics;
import dev.musa.schemas.ledger.Account;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How far every reader has come, as the ledger says. */
public final class LedgerPositions {
  private final Map<Account, Long> positions = new HashMap<>();

  private LedgerPositions() {}

  public static LedgerPositions read(KafkaConfig kafka, Topics topics) {
    LedgerPositions read = new LedgerPositions();
    try (LedgerReader reader = LedgerReader.connect(kafka, topics, "musa-ledger-positions")) {
      reader.readAll();
      reader
          .book()
          .accounts()
          .forEach(totals -> read.positions.put(totals.account(), totals.toOffset()));
    }
    return read;
  }

  /** The offset up to which all is done; null if nothing is known to be. */
  public @Nullable Long of(Account account) {
    return positions.get(account);
  }

  /** The same for all sinks that read a partition, by stage. */
  public Map<String, Long> sinksOf(String topic, int partition) {
    Map<String, Long> sinks = new TreeMap<>();
    positions.forEach((account, position) -> {
      if (account.isSink() && account.topic().equals(topic) && account.partition() == partition) {
        sinks.put(account.stage(), position);
      }
    });
    return sinks;
  }
}
