package dev.musa.sinks.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.schemas.Signal;
import dev.musa.schemas.ledger.AccountTotals;
import dev.musa.schemas.ledger.Line;
import dev.musa.sinks.backend.Answer;
import dev.musa.sinks.backend.Backend;
import dev.musa.sinks.testing.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;

/**
 * A sink under random answers, random order of ends, rebalances and crashes, in one thread and with
 * a clock of its own. Whatever happens: a commit never passes an item that is neither stored nor
 * dead-lettered, nothing innocent is dead-lettered, metrics are sent in order, and the ledger has
 * every item once.
 */
class SinkSimulationTest {

  @Property(tries = 60)
  void logs(@ForAll long seed) {
    new Simulation(Signal.LOGS, seed).run();
  }

  @Property(tries = 60)
  void metrics(@ForAll long seed) {
    new Simulation(Signal.METRICS, seed).run();
  }

  /** The process dies in the middle of a delivery. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1;
  }

  private static final class Simulation {
    private static final int PARTITIONS = 3;
    private static final int STEPS = 400;
    private static final Limits LIMITS = new Limits(600, Duration.ofMillis(20), 3, 8, 4_000, 2_000);

    private final Signal signal;
    private final Random random;

    /** Whether tenants share requests. */
    private final boolean shared;

    private final List<List<ConsumerRecord<byte[], byte[]>>> topic = new ArrayList<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final Set<String> stored = new HashSet<>();
    private final Set<String> dead = new HashSet<>();

    /** Where the newest request of a lane began, in its present life. */
    private final Map<String, Integer> begun = new HashMap<>();

    private final List<Batch> running = new ArrayList<>();
    private final Map<TopicPartition, Integer> reading = new HashMap<>();
    private final Map<TopicPartition, AccountTotals> ledger = new HashMap<>();
    private SinkStatus status = status();
    private Flow flow;
    private long now = Telemetry.NOW_MILLI;
    private boolean faults = true;
    private int produced;

    Simulation(Signal signal, long seed) {
      this.signal = signal;
      this.random = new Random(seed);
      this.shared = random.nextBoolean();
      this.flow = newFlow();
      for (int p = 0; p < PARTITIONS; p++) {
        topic.add(new ArrayList<>());
        committed.put(partition(p), 0L);
      }
    }

    void run() {
      assignAll();
      for (int step = 0; step < STEPS; step++) {
        now += random.nextInt(10);
        try {
          step();
        } catch (Crash e) {
          restart();
        }
      }
      faults = false;
      finishEverything();
      checkEnd();
    }

    private void step() {
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3 -> produce();
        case 4, 5, 6, 7 -> read();
        case 8, 9, 10 -> start();
        case 11, 12, 13, 14, 15 -> end();
        case 16, 17 -> commit();
        case 18 -> rebalance();
        default -> {
          if (random.nextInt(4) == 0) {
            restart();
          }
        }
      }
    }

    private void produce() {
      int p = random.nextInt(PARTITIONS);
      var ids = new ArrayList<String>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        ids.add("%06d%s".formatted(produced++, random.nextInt(25) == 0 ? Telemetry.POISON : ""));
      }
      var log = topic.get(p);
      long last = log.isEmpty() ? -1 : log.getLast().offset();
      // Transaction markers take offsets too.
      long offset = last + 1 + random.nextInt(2);
      var tenant = "tenant-" + random.nextInt(2);
      var plain = Telemetry.record(signal, p, offset, tenant, ids);
      log.add(
          new ConsumerRecord<>(
              plain.topic(),
              p,
              offset,
              now,
              TimestampType.CREATE_TIME,
              0,
              plain.value().length,
              null,
              plain.value(),
              plain.headers(),
              java.util.Optional.empty()));
    }

    private void read() {
      var blocked = flow.blocked();
      for (var partition : flow.owned()) {
        if (blocked.contains(partition)) {
          continue;
        }
        var log = topic.get(partition.partition());
        int at = reading.get(partition);
        int until = Math.min(log.size(), at + random.nextInt(4));
        for (; at < until; at++) {
          flow.add(log.get(at), now);
        }
        reading.put(partition, at);
        if (at == log.size() && !log.isEmpty()) {
          flow.advanceTo(partition, log.getLast().offset() + 1);
        }
      }
    }

    private void start() {
      var batch = flow.next(now);
      if (batch != null) {
        running.add(batch);
      }
    }

    private void end() {
      if (running.isEmpty()) {
        return;
      }
      var batch = running.remove(random.nextInt(running.size()));
      // A request under way is not called back by a rebalance; metrics wait for it to be given up.
      boolean givenUp =
          flow.isForgotten(batch) && (signal == Signal.METRICS || random.nextBoolean());
      if (!givenUp) {
        deliver(batch);
      }
      if (flow.isForgotten(batch)) {
        flow.abandoned(batch);
      } else {
        flow.finished(batch);
      }
    }

    private void deliver(Batch batch) {
      var letters = new DeadLetters("musa.deadletter", "test");
      var delivery =
          new Delivery(
              new RandomBackend(laneOf(batch)),
              letters,
              status,
              new RequestSize(LIMITS.batchBytes()),
              _ -> Duration.ZERO,
              _ -> {},
              new SilentEvents());
      try {
        var tally = delivery.run(batch);
        long items = tally.lines().stream().mapToLong(Line::items).sum();
        assertThat(items).isEqualTo(batch.pieces().stream().mapToInt(Piece::items).sum());
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    private void commit() {
      for (var partition : flow.owned()) {
        var covered = flow.covered(partition);
        for (var receipt : covered.receipts()) {
          for (var letter : receipt.letters()) {
            dead.addAll(Telemetry.ids(signal, letter.value()));
          }
        }
        var entry = covered.entry("test");
        ledger.computeIfAbsent(partition, _ -> new AccountTotals(entry.account())).add(entry, now);
      }
      committed.putAll(flow.positions());
      flow.committed(flow.positions());
      committed.forEach((partition, position) -> {
        for (var record : topic.get(partition.partition())) {
          if (record.offset() < position) {
            for (var id : Telemetry.ids(signal, record.value())) {
              assertThat(stored.contains(id) || dead.contains(id))
                  .as("%s at offset %d, committed %d", id, record.offset(), position)
                  .isTrue();
            }
          }
        }
      });
    }

    private void rebalance() {
      var partition = partition(random.nextInt(PARTITIONS));
      if (random.nextBoolean() && flow.owned().contains(partition)) {
        commit();
      }
      flow.release(partition);
      assign(partition);
    }

    private void restart() {
      running.clear();
      status = status();
      flow = newFlow();
      assignAll();
    }

    private void assignAll() {
      for (int p = 0; p < PARTITIONS; p++) {
        assign(partition(p));
      }
    }

    private void assign(TopicPartition partition) {
      long position = committed.get(partition);
      flow.assign(partition, signal, position, now);
      var log = topic.get(partition.partition());
      int at = 0;
      while (at < log.size() && log.get(at).offset() < position) {
        at++;
      }
      reading.put(partition, at);
      begun.keySet().removeIf(lane -> lane.startsWith(partition.partition() + "/"));
    }

    private void finishEverything() {
      for (int round = 0; round < 10_000; round++) {
        now += 50;
        read();
        start();
        end();
        commit();
        if (flow.isIdle() && running.isEmpty() && isReadToTheEnd()) {
          return;
        }
      }
      throw new AssertionError("the sink came to no end: " + flow.heldBytes() + " bytes held");
    }

    private boolean isReadToTheEnd() {
      for (int p = 0; p < PARTITIONS; p++) {
        if (reading.get(partition(p)) < topic.get(p).size()) {
          return false;
        }
      }
      return true;
    }

    private void checkEnd() {
      commit();
      for (int p = 0; p < PARTITIONS; p++) {
        var log = topic.get(p);
        if (!log.isEmpty()) {
          assertThat(committed.get(partition(p))).isEqualTo(log.getLast().offset() + 1);
        }
        checkLedger(ledger.get(partition(p)), log);
        for (var record : log) {
          for (var id : Telemetry.ids(signal, record.value())) {
            boolean guilty = id.contains(Telemetry.POISON);
            assertThat(stored.contains(id)).as("%s stored", id).isEqualTo(!guilty);
            assertThat(dead.contains(id)).as("%s dead", id).isEqualTo(guilty);
          }
        }
      }
      assertThat(flow.heldBytes()).isZero();
      assertThat(flow.inFlight()).isZero();
    }

    private void checkLedger(AccountTotals totals, List<ConsumerRecord<byte[], byte[]>> log) {
      long items = log.stream().mapToLong(r -> Telemetry.ids(signal, r.value()).size()).sum();
      assertThat(totals.records()).isEqualTo(log.size());
      assertThat(totals.missing()).isZero();
      assertThat(totals.taken().stream().mapToLong(Line::items).sum()).isEqualTo(items);
      assertThat(byTenant(totals.outcomes())).isEqualTo(byTenant(totals.taken()));
    }

    private static Map<String, Long> byTenant(Collection<Line> lines) {
      return lines.stream()
          .collect(Collectors.groupingBy(Line::tenant, Collectors.summingLong(Line::items)));
    }

    private String laneOf(Batch batch) {
      return batch.partition().partition() + "/" + batch.orgId();
    }

    private TopicPartition partition(int p) {
      return new TopicPartition("musa." + signal.label(), p);
    }

    private SinkStatus status() {
      return new SinkStatus("test", () -> Instant.ofEpochMilli(now), _ -> Duration.ZERO, _ -> {});
    }

    private Flow newFlow() {
      return new Flow(LIMITS, LIMITS::batchBytes, this::orgId);
    }

    private String orgId(String tenant) {
      return shared ? "" : tenant;
    }

    /** Answers at random, but for poison; metrics refuse what they have, as Prometheus does. */
    private final class RandomBackend implements Backend {
      private final String lane;

      RandomBackend(String lane) {
        this.lane = lane;
      }

      @Override
      public String orgId(String tenant) {
        return Simulation.this.orgId(tenant);
      }

      @Override
      public Answer deliver(Signal s, String orgId, byte[] request) {
        var ids = Telemetry.ids(s, request);
        checkOrder(ids);
        if (faults) {
          switch (random.nextInt(12)) {
            case 0 -> {
              return new Answer.Retry(Duration.ZERO, "503", "not stored");
            }
            case 1 -> {
              var answer = answer(ids);
              return answer instanceof Answer.Delivered
                  ? new Answer.Retry(Duration.ZERO, "io", "stored, but the answer was lost")
                  : answer;
            }
            case 2 -> {
              if (ids.size() > 1) {
                return new Answer.Split(random.nextBoolean(), "413", "too large");
              }
            }
            case 3 -> {
              return new Answer.Misconfigured("401", "who are you");
            }
            case 4 -> {
              if (random.nextInt(8) == 0) {
                throw new Crash();
              }
            }
            case 5 -> {
              if (random.nextInt(8) == 0) {
                var _ = answer(ids);
                throw new Crash();
              }
            }
            default -> {}
          }
        }
        return answer(ids);
      }

      private Answer answer(List<String> ids) {
        for (var id : ids) {
          if (id.contains(Telemetry.POISON)) {
            return new Answer.Bisect(false, "400", "poison");
          }
        }
        if (signal == Signal.METRICS && ids.stream().anyMatch(stored::contains)) {
          return new Answer.Bisect(true, "400", "out of order sample");
        }
        stored.addAll(ids);
        return Answer.DELIVERED;
      }

      private void checkOrder(List<String> ids) {
        if (signal == Signal.METRICS && !ids.isEmpty()) {
          assertThat(ids).isSorted();
          int begins = Integer.parseInt(ids.getFirst().substring(0, 6));
          assertThat(begins).as(lane).isGreaterThanOrEqualTo(begun.getOrDefault(lane, 0));
          begun.put(lane, begins);
        }
      }

      @Override
      public void close() {}
    }

    private static final class SilentEvents implements Events {
      @Override
      public void retried() {}

      @Override
      public void divided() {}
    }
  }
}
