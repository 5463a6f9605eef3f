package dev.musa.app.ledger;

import dev.musa.runtime.kafka.KafkaAdmin;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.StartupException;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
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
  private final Function<Signal, List<String>> sinksOf;
  private boolean begun;

  /**
   * @param sinksOf the names of the sinks that take a signal
   */
  LedgerAudit(
      KafkaConfig kafka, Topics topics, Groups groups, Function<Signal, List<String>> sinksOf) {
    this.sinksOf = sinksOf;
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
      if (account.isSink()
          || account.stage().equals(Account.PROCESSORS)
          || account.stage().equals(Account.WAITING)) {
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
    String sink = RedriveHeaders.sinkOf(record.headers());
    return sink != null && Account.sink(sink).equals(reader.stage());
  }

  /**
   * Partitions of which a reader has committed nothing yet, or not since there is a ledger, as
   * accounts with nothing in them.
   */
  private List<AccountTotals> unseen(Collection<AccountTotals> accounts) {
    Map<Account, String> groups = groupsOfReaders();
    accounts.forEach(totals -> groups.remove(totals.account()));
    if (groups.isEmpty()) {
      return List.of();
    }
    Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = committed(groups.values());
    List<AccountTotals> unseen = new ArrayList<>();
    groups.forEach((account, group) -> {
      OffsetAndMetadata at = committed.getOrDefault(group, Map.of()).get(partitionOf(account));
      long offset = at == null ? 0 : at.offset();
      AccountTotals nothing = new AccountTotals(account);
      nothing.add(new Entry(account, offset, offset, 0, 0, List.of(), List.of()), 0);
      unseen.add(nothing);
    });
    return unseen;
  }

  /** The group of each account that there should be. */
  private Map<Account, String> groupsOfReaders() {
    Map<Account, String> readers = new LinkedHashMap<>();
    for (Signal signal : Signal.values()) {
      String processors = signal == Signal.TRACES ? groups.traces() : groups.streams();
      addReader(readers, Account.PROCESSORS, signal, topics.raw(signal), processors);
      if (signal != Signal.TRACES) {
        addReader(readers, Account.WAITING, signal, topics.waiting(signal), processors);
      }
      for (String sink : sinksOf.apply(signal)) {
        String group = groups.sink(sink);
        addReader(readers, Account.sink(sink), signal, topics.processed(signal), group);
        addReader(readers, Account.sink(sink), signal, topics.redrive(signal), group);
      }
    }
    return readers;
  }

  private void addReader(
      Map<Account, String> readers, String stage, Signal signal, String topic, String group) {
    for (TopicPartition partition : standing.partitionsOf(topic)) {
      readers.put(new Account(stage, signal, topic, partition.partition()), group);
    }
  }

  private Map<String, Map<TopicPartition, OffsetAndMetadata>> committed(
      Collection<String> someGroups) {
    try (AdminClient admin = KafkaAdmin.connect(kafka, CLIENT + "-groups")) {
      Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = new HashMap<>();
      for (String group : Set.copyOf(someGroups)) {
        committed.put(
            group, admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get());
      }
      return committed;
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
