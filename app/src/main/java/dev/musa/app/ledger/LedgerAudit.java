package dev.musa.app.ledger;

import dev.musa.runtime.kafka.KafkaAdmin;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Groups;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.AccountTotals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads the whole ledger, counts what stands on the topics, and compares. */
final class LedgerAudit implements AutoCloseable {
  private static final String CLIENT = "musa-ledger-audit";

  /**
   * The records of a transaction become visible partition by partition: a difference that is gone a
   * moment later was none.
   */
  private static final int LOOKS = 4;

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final LedgerReader reader;
  private final StandingReader standing;
  private final KafkaConfig kafka;
  private final Topics topics;
  private final Groups groups;
  private boolean begun;

  LedgerAudit(KafkaConfig kafka, Topics topics, Groups groups) {
    this.kafka = kafka;
    this.topics = topics;
    this.groups = groups;
    this.reader = LedgerReader.connect(kafka, topics, CLIENT);
    this.standing = StandingReader.connect(kafka, CLIENT + "-standing");
  }

  /** The balance of now. */
  Balance look() throws InterruptedException {
    if (begun) {
      reader.catchUp();
    } else {
      reader.readAll();
      begun = true;
    }
    for (int look = 1; ; look++) {
      List<AccountTotals> accounts = reader.book().accounts();
      Balance balance = Balance.of(accounts, standingBehind(accounts), topics);
      if (balance.isBalanced() || look == LOOKS) {
        return balance;
      }
      Thread.sleep(PAUSE);
      reader.catchUp();
    }
  }

  private Map<Account, Standing> standingBehind(Collection<AccountTotals> accounts) {
    // Readers of one partition stand at different offsets: one after the other.
    List<Map<Account, Long>> rounds = new ArrayList<>();
    Map<TopicPartition, Integer> readers = new HashMap<>();
    for (AccountTotals totals : accounts) {
      TopicPartition partition = partitionOf(totals.account());
      int round = readers.merge(partition, 1, Integer::sum) - 1;
      if (round == rounds.size()) {
        rounds.add(new HashMap<>());
      }
      rounds.get(round).put(totals.account(), totals.toOffset());
    }
    rounds.add(unseen(readers.keySet()));
    Map<Account, Standing> all = new HashMap<>();
    for (Map<Account, Long> round : rounds) {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      round.forEach((account, offset) -> offsets.put(partitionOf(account), offset));
      Map<TopicPartition, Standing> found = standing.behind(offsets);
      round
          .keySet()
          .forEach(account -> {
            @Nullable Standing behind = found.get(partitionOf(account));
            if (behind != null) {
              all.put(account, behind);
            }
          });
    }
    return all;
  }

  /**
   * Raw partitions of which the processors have done nothing yet, or not since there is a ledger.
   */
  private Map<Account, Long> unseen(Set<TopicPartition> seen) {
    Map<Account, Long> unseen = new HashMap<>();
    try (AdminClient admin = KafkaAdmin.connect(kafka, CLIENT + "-groups")) {
      Map<TopicPartition, Long> committed = new HashMap<>();
      for (String group : List.of(groups.traces(), groups.streams())) {
        admin
            .listConsumerGroupOffsets(group)
            .partitionsToOffsetAndMetadata()
            .get()
            .forEach((partition, offset) -> {
              if (offset != null) {
                committed.put(partition, offset.offset());
              }
            });
      }
      for (Signal signal : Signal.values()) {
        String raw = topics.raw(signal);
        for (TopicPartition partition : standing.partitionsOf(raw)) {
          if (!seen.contains(partition)) {
            unseen.put(
                new Account(Account.PROCESSORS, signal, raw, partition.partition()),
                committed.getOrDefault(partition, 0L));
          }
        }
      }
      return unseen;
    } catch (ExecutionException e) {
      throw new StartupException("Kafka refused the offsets of a group: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException("interrupted while reading the offsets of a group", e);
    }
  }

  private static TopicPartition partitionOf(Account account) {
    return new TopicPartition(account.topic(), account.partition());
  }

  @Override
  public void close() {
    try (reader;
        standing) {
      begun = false;
    }
  }
}
