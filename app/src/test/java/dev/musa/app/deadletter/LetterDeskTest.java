package dev.musa.app.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.schemas.WaitingHeader;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class LetterDeskTest {
  private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);

  private final MockProducer<byte[], byte[]> raw = producer();

  private static MockProducer<byte[], byte[]> producer() {
    Node node = new Node(0, "localhost", 1);
    List<PartitionInfo> partitions =
        List.of(new PartitionInfo(TOPICS.ledger(), 0, node, new Node[] {node}, new Node[] {node}));
    Cluster cluster = new Cluster("test", List.of(node), partitions, Set.of(), Set.of());
    return new MockProducer<>(
        cluster, true, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Test
  void whatWasGivenUpWhileItWaited_isRedrivenToTheRawTopic_andWaitsAnew() {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(TOPICS.deadLetter(), 3, 7, null, new byte[] {1, 2});
    new RecordHeaders("acme", "east", 2, 1_700_000_000_000L, null, null).writeTo(record.headers());
    WaitingHeader.write(record.headers(), 1_700_000_002_000L);
    new DeadLetterHeaders(
            new DeadLetterHeaders.Origin(TOPICS.waiting(Signal.LOGS), 5, 11),
            "processors",
            "malformed",
            null,
            null,
            "why")
        .writeTo(record.headers());
    Letter letter = Letter.of(record, TOPICS).orElseThrow();
    MockProducer<byte[], byte[]> transactional = producer();
    transactional.initTransactions();

    try (LetterDesk desk = new LetterDesk(transactional, raw, TOPICS)) {
      desk.redrive(List.of(letter), null);
    }

    ProducerRecord<byte[], byte[]> sent = raw.history().getFirst();
    assertThat(sent.topic()).isEqualTo(TOPICS.raw(Signal.LOGS));
    assertThat(sent.partition()).isEqualTo(5);
    assertThat(sent.value()).containsExactly(1, 2);
    assertThat(sent.headers().lastHeader(WaitingHeader.UNTIL)).isNull();
    assertThat(RecordHeaders.read(sent.headers()).items()).isEqualTo(2);
    assertThat(transactional.history())
        .extracting(ProducerRecord::topic)
        .contains(TOPICS.deadLetterDone(), TOPICS.ledger());
  }
}
