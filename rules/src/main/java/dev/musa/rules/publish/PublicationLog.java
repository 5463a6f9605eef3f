package dev.musa.rules.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.runtime.kafka.FollowedTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The writer's side of the rules topic: knows what was published and appends to it. */
public final class PublicationLog implements AutoCloseable {
  private static final int PARTITION = 0;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Producer<byte[], byte[]> producer;
  private final String topic;

  /** What the topic holds, by key, in the order of publication. */
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** What the topic says of the directory; null if all is well with it. */
  private @Nullable Refusal refusal;

  private record Entry(String version, long activeFromUnixMilli) {}

  private PublicationLog(Producer<byte[], byte[]> producer, String topic) {
    this.producer = producer;
    this.topic = topic;
  }

  /**
   * Fences off every other writer, then reads what there is. The producer is this object's own from
   * now on, also if this fails.
   */
  public static PublicationLog open(
      Producer<byte[], byte[]> producer, FollowedTopic reader, String topic) {
    PublicationLog log = new PublicationLog(producer, topic);
    try {
      producer.initTransactions();
      reader.readToEnd(log::see);
      return log;
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  /** Version of the publication that came last, or null before the first. */
  public @Nullable String newestVersion() {
    Entry newest = newest();
    return newest == null ? null : newest.version();
  }

  /** When the publication that came last is in force, or -1 before the first. */
  public long newestActivation() {
    Entry newest = newest();
    return newest == null ? -1 : newest.activeFromUnixMilli();
  }

  /**
   * Appends a publication, and deletes those that were superseded before {@code forgetBefore}: all
   * or nothing.
   */
  public void append(Publication publication, long forgetBeforeUnixMilli) {
    List<String> superseded = supersededBefore(forgetBeforeUnixMilli);
    producer.beginTransaction();
    send(publication.key().getBytes(UTF_8), PublicationCodec.encode(publication));
    for (String key : superseded) {
      send(key.getBytes(UTF_8), null);
    }
    producer.commitTransaction();
    entries.keySet().removeAll(superseded);
    put(publication.key(), publication);
  }

  /**
   * Has the topic say why the directory is refused, or that it is not (null).
   *
   * @return false if it says so already: then nothing is written
   */
  public boolean tell(@Nullable Refusal now) {
    Refusal before = refusal;
    if (now == null ? before == null : before != null && before.isOf(now)) {
      return false;
    }
    producer.beginTransaction();
    send(Refusal.key(), now == null ? null : now.encode());
    producer.commitTransaction();
    refusal = now;
    return true;
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }

  private void see(ConsumerRecord<byte[], byte[]> record) {
    if (Refusal.isKey(record.key())) {
      refusal = refusal(record.value());
      return;
    }
    String key = record.key() == null ? "" : new String(record.key(), UTF_8);
    if (record.value() == null) {
      entries.remove(key);
      return;
    }
    try {
      put(key, PublicationCodec.decode(record.value()));
    } catch (IllegalArgumentException _) {
      // Of a newer MUSA: whatever it is, it is not what this directory holds.
      entries.put(key, new Entry("", -1));
    }
  }

  private static @Nullable Refusal refusal(byte @Nullable [] value) {
    try {
      return value == null ? null : Refusal.decode(value);
    } catch (IllegalArgumentException _) {
      return new Refusal(0, "", List.of("of a newer MUSA")); // whatever it is, it is told anew
    }
  }

  private void put(String key, Publication publication) {
    entries.remove(key);
    entries.put(key, new Entry(publication.version(), publication.activeFromUnixMilli()));
  }

  private @Nullable Entry newest() {
    Entry newest = null;
    for (Entry entry : entries.values()) {
      newest = entry;
    }
    return newest;
  }

  private List<String> supersededBefore(long unixMilli) {
    List<String> keys = new ArrayList<>();
    String previous = null;
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      if (previous != null && entry.getValue().activeFromUnixMilli() < unixMilli) {
        keys.add(previous);
      }
      previous = entry.getKey();
    }
    return keys;
  }

  private void send(byte[] key, byte @Nullable [] value) {
    // Failures surface in commitTransaction.
    var _ = producer.send(new ProducerRecord<>(topic, PARTITION, key, value));
  }
}
