package dev.musa.processors.streams;

import dev.musa.runtime.kafka.ExpiredListener;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** The Kafka clients of the Streams application. */
final class Clients implements KafkaClientSupplier {
  private final Transactions transactions;
  private final Backlog backlog;
  private final Supplier<HeldBack> heldBack;
  private final ExpiredListener expired;
  private final String ledger;

  /**
   * @param heldBack makes what keeps back records for each consumer
   * @param ledger the topic of the ledger
   */
  Clients(
      Transactions transactions,
      Backlog backlog,
      Supplier<HeldBack> heldBack,
      ExpiredListener expired,
      String ledger) {
    this.transactions = transactions;
    this.backlog = backlog;
    this.heldBack = heldBack;
    this.expired = expired;
    this.ledger = ledger;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new SettlingProducer(
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()),
        transactions,
        backlog,
        ledger);
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new WatchedConsumer(config, backlog, heldBack.get(), expired);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
