package dev.musa.collector;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The settings of the producer: what MUSA's promises rest on is fixed, the rest are defaults. */
final class ProducerSettings {
  /** On top of the bytes in flight: each open batch is allocated whole. */
  private static final long BUFFER_FOR_BATCHES = 32L << 20;

  /** A request to a broker holds the batches of several partitions. */
  private static final int REQUEST_BYTES = 4 << 20;

  private static final int ROOM_FOR_HEADERS = 64 << 10;

  private ProducerSettings() {}

  /**
   * The producer's half of the time that a part may wait: what is gathered to full records leaves
   * in few batches and requests, which is most of what a broker's work depends on.
   */
  private static long producerMillis(Duration linger) {
    return linger.toMillis() / 2;
  }

  /** What is left of the time for gathering parts to records. */
  static Duration beforeLinger(Duration linger) {
    return linger.minusMillis(producerMillis(linger));
  }

  static Map<String, Object> of(CollectorConfig config, Map<String, Object> producer) {
    Map<String, Object> settings = new HashMap<>(producer);
    settings.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, producerMillis(config.linger()));
    settings.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10);
    settings.putIfAbsent(
        ProducerConfig.BUFFER_MEMORY_CONFIG, config.inFlightBytes().bytes() + BUFFER_FOR_BATCHES);
    settings.putIfAbsent(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        (int) Math.max(REQUEST_BYTES, config.maxRecordBytes().bytes() + ROOM_FOR_HEADERS));

    // A full buffer or missing metadata refuse the request; nothing may wait for them.
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
    int delivery = (int) config.deliveryTimeout().toMillis();
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, delivery / 3));
    return settings;
  }
}
