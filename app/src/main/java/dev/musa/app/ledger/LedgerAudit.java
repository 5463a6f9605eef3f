package dev.musa.app.ledger;

import dev.musa.runtime.kafka.KafkaAdmin;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.BadHeadersException;
import dev.musa.schemas.Groups;
import dev.musa.schemas.RedriveHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.AccountTotals;
import dev.musa.schemas.ledger.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

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
  private final Map<Signal, List<String>> sinks;
  private boolean begun;

  /**
   * @param sinks the names of those that take each signal
   */
  LedgerAudit(KafkaConfig kafka, Topics topics, Groups groups, Map<Signal, List<String>> sinks) {
    this.sinks = Map.copyOf(sinks);
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
      List<AccountTotals> accounts = new ArrayList<>(reader.book().accounts());
      accounts.addAll(unseen(accounts));
      Balance balance =
          Balance.of(accounts, standingBehind(accounts), topics).withNotes(reader.notes());
      if (balance.isBalanced() || look == LOOKS) {
        return balance;
      }
      Thread.sleep(PAUSE);
      reader.catchUp();
    }
  }

  /**
   * Behind readers only: letters are dealt with in any order, so that nothing stands behind one.
   */
  private Map<Account, Standing> standingBehind(Collection<AccountTotals> accounts) {
    // Readers of one partition stand at different offsets: one after the other.
    List<Map<Account, Long>> rounds = new ArrayList<>();
    Map<TopicPartition, Integer> readers = new HashMap<>();
    for (AccountTotals totals : accounts) {
      Account account = totals.account();
      if (account.isSink() || account.stage().equals(Account.PROCESSORS)) {
        int round = readers.merge(partitionOf(account), 1, Integer::sum) - 1;
        if (round == rounds.size()) {
          rounds.add(new HashMap<>());
        }
        rounds.get(round).put(account, totals.toOffset());
      }
    }
    Map<Account, Standing> all = new HashMap<>();
    for (Map<Account, Long> round : rounds) {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      Map<TopicPartition, Account> readerOf = new HashMap<>();
      round.forEach((account, offset) -> {
        offsets.put(partitionOf(account), offset);
        readerOf.put(partitionOf(account), account);
      });
      standing
          .behind(offsets, record -> isFor(readerOf, record))
          .forEach((partition, behind) -> {
            Account account = readerOf.get(partition);
            if (account != null) {
              all.put(account, behind);
            }
          });
    }
    return all;
  }

  /** On the redrive topics each record is for one sink. */
  private boolean isFor(
      Map<TopicPartition, Account> readerOf, ConsumerRecord<byte[], byte[]> record) {
    Account reader = readerOf.get(new TopicPartition(record.topic(), record.partition()));
    if (reader == null || !record.topic().equals(topics.redrive(reader.signal()))) {
      return true;
    }
    try {
      return Account.sink(RedriveHeaders.read(record.headers()).sink()).equals(reader.stage());
    } catch (BadHeadersException _) {
      return false;
    }
  }

  /**
   * Partitions of which a reader has committed nothing yet, or not since there is a ledger, as
   * accounts with nothing in them.
   */
  private List<AccountTotals> unseen(Collection<AccountTotals> accounts) {
    Set<Account> seen = new HashSet<>();
    accounts.forEach(totals -> seen.add(totals.account()));
    List<AccountTotals> unseen = new ArrayList<>();
    try (AdminClient admin = KafkaAdmin.connect(kafka, CLIENT + "-groups")) {
      for (Signal signal : Signal.values()) {
        String processors = signal == Signal.TRACES ? groups.traces() : groups.streams();
        addUnseen(admin, processors, Account.PROCESSORS, signal, topics.raw(signal), seen, unseen);
        for (String sink : sinks.getOrDefault(signal, List.of())) {
          for (String topic : List.of(topics.processed(signal), topics.redrive(signal))) {
            addUnseen(admin, groups.sink(sink), Account.sink(sink), signal, topic, seen, unseen);
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

  private void addUnseen(
      AdminClient admin,
      String group,
      String stage,
      Signal signal,
      String topic,
      Set<Account> seen,
      List<AccountTotals> unseen)
      throws ExecutionException, InterruptedException {
    List<Account> missing = new ArrayList<>();
    for (TopicPartition partition : standing.partitionsOf(topic)) {
      Account account = new Account(stage, signal, topic, partition.partition());
      if (!seen.contains(account)) {
        missing.add(account);
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    for (Account account : missing) {
      OffsetAndMetadata at = committed.get(partitionOf(account));
      long offset = at == null ? 0 : at.offset();
      AccountTotals nothing = new AccountTotals(account);
      nothing.add(new Entry(account, offset, offset, 0, List.of(), List.of()), 0);
      unseen.add(nothing);
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
