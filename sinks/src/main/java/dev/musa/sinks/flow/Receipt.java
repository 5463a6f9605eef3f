package dev.musa.sinks.flow;

import dev.musa.schemas.ledger.Line;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a record holds, as its headers say, and what became of that. Written by the one thread that
 * delivers the record, then read by the sink's own.
 */
public final class Receipt {
  /** Of a record that is for another sink. */
  static final Receipt NONE = new Receipt(Flow.UNKNOWN_TENANT, 0, 0);

  private final String tenant;
  private final int items;
  private final int bytes;
  private final String cause;
  private final List<Line> outcomes = new ArrayList<>(1);
  private final List<Letter> letters = new ArrayList<>(0);

  /** Items that go to the dead letters with the commit of their record. */
  private record Letter(ProducerRecord<byte[], byte[]> record, Line line) {}

  Receipt(String tenant, int items, int bytes) {
    this(tenant, items, bytes, "");
  }

  /**
   * @param cause why it is delivered once more; empty if it is not
   */
  Receipt(String tenant, int items, int bytes, String cause) {
    this.tenant = tenant;
    this.items = items;
    this.bytes = bytes;
    this.cause = cause;
  }

  void add(String outcome, String reason, long someItems, long someBytes) {
    if (someItems > 0 || someBytes > 0) {
      boolean delivered = outcome.equals(Tally.DELIVERED);
      outcomes.add(new Line(tenant, outcome, delivered ? cause : reason, someItems, someBytes));
    }
  }

  void deadLetter(
      ProducerRecord<byte[], byte[]> letter, String reason, long someItems, long someBytes) {
    letters.add(
        new Letter(letter, new Line(tenant, Tally.DEAD_LETTERED, reason, someItems, someBytes)));
  }

  /** The dead letters to be written with the commit. */
  public List<ProducerRecord<byte[], byte[]>> letters() {
    return letters.stream().map(Letter::record).toList();
  }

  /** What the dead letters hold in memory until then. */
  long letterBytes() {
    long sum = 0;
    for (var letter : letters) {
      sum += letter.record.value() == null ? 0 : letter.record.value().length;
    }
    return sum;
  }

  /** Kafka takes no record of this size: its items are dropped instead. */
  public void giveUp(ProducerRecord<byte[], byte[]> letter) {
    letters.removeIf(each -> {
      boolean given = each.record.equals(letter);
      if (given) {
        outcomes.add(
            new Line(
                tenant, Tally.DROPPED, each.line.reason(), each.line.items(), each.line.bytes()));
      }
      return given;
    });
  }

  Line taken() {
    return new Line(tenant, "", cause, items, bytes);
  }

  List<Line> outcomes() {
    List<Line> all = new ArrayList<>(outcomes);
    letters.forEach(letter -> all.add(letter.line));
    return all;
  }
}
