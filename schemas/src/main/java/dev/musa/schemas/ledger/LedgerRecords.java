package dev.musa.schemas.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The records of the ledger topic. */
public final class LedgerRecords {
  /** Far below what any topic and producer takes. */
  private static final int MOST_BYTES = 256 << 10;

  /** More than what the numbers and tags of a line take. */
  private static final int LINE_BYTES = 32;

  private LedgerRecords() {}

  /**
   * Sends entries in the open transaction of a producer, the one that commits their offsets. An
   * error shows at the commit, which then fails.
   */
  public static void send(
      Producer<byte[], byte[]> producer, String topic, Collection<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    int partitions = producer.partitionsFor(topic).size();
    for (Entry entry : entries) {
      for (ProducerRecord<byte[], byte[]> record : of(topic, partitions, entry)) {
        var _ = producer.send(record);
      }
    }
  }

  /**
   * An entry as it is written: one record, or with very many tenants several, of which the first
   * has the offsets and the others add to it.
   *
   * @param partitions of the ledger topic
   */
  static List<ProducerRecord<byte[], byte[]>> of(String topic, int partitions, Entry entry) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(1);
    Part part = new Part(entry.fromOffset(), entry.records(), entry.expired());
    for (Line line : entry.taken()) {
      part = part.withRoomFor(line, entry, topic, partitions, records);
      part.taken.add(line);
    }
    for (Line line : entry.outcomes()) {
      part = part.withRoomFor(line, entry, topic, partitions, records);
      part.outcomes.add(line);
    }
    records.add(part.record(topic, partitions, entry));
    return records;
  }

  private static final class Part {
    private final long fromOffset;
    private final long records;
    private final long expired;
    private final List<Line> taken = new ArrayList<>();
    private final List<Line> outcomes = new ArrayList<>();
    private int bytes;

    Part(long fromOffset, long records, long expired) {
      this.fromOffset = fromOffset;
      this.records = records;
      this.expired = expired;
    }

    /** This one, or a new one after which this one is complete. */
    Part withRoomFor(
        Line line,
        Entry entry,
        String topic,
        int partitions,
        List<ProducerRecord<byte[], byte[]>> complete) {
      int chars = line.tenant().length() + line.outcome().length() + line.reason().length();
      int more = LINE_BYTES + 3 * chars;
      Part part = this;
      if (bytes > 0 && bytes + more > MOST_BYTES) {
        complete.add(record(topic, partitions, entry));
        part = new Part(entry.toOffset(), 0, 0);
      }
      part.bytes += more;
      return part;
    }

    ProducerRecord<byte[], byte[]> record(String topic, int partitions, Entry entry) {
      Account account = entry.account();
      return new ProducerRecord<>(
          topic,
          account.partition() % partitions,
          account.key().getBytes(UTF_8),
          LedgerCodec.write(
              new Entry(account, fromOffset, entry.toOffset(), records, expired, taken, outcomes)));
    }
  }
}
