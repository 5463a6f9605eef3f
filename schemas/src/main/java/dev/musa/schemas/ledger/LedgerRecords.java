package dev.musa.schemas.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.producer.ProducerRecord;

/** The records of the ledger topic. */
public final class LedgerRecords {
  private LedgerRecords() {}

  /**
   * An entry as it is written, in the transaction that commits its offset.
   *
   * @param partitions of the ledger topic
   */
  public static ProducerRecord<byte[], byte[]> of(String topic, int partitions, Entry entry) {
    Account account = entry.account();
    return new ProducerRecord<>(
        topic,
        account.partition() % partitions,
        account.key().getBytes(UTF_8),
        LedgerCodec.write(entry));
  }
}
