package dev.musa.app.why;

import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.MalformedOtlpException;
import dev.musa.schemas.wire.OtlpCursor;
import dev.musa.schemas.wire.SpanView;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Finds the records that hold spans of a trace. */
final class SpanSearch {
  /** So many in a row, and it was no clock. */
  private static final int MOST_YOUNGER = 20_000;

  private final TopicScan scan;
  private final TraceId id;
  private final OtlpCursor cursor = new OtlpCursor(Signal.TRACES);

  SpanSearch(TopicScan scan, TraceId id) {
    this.scan = scan;
    this.id = id;
  }

  /** From the first record of a time to the last one that is not younger than another. */
  List<Sighting> between(TopicPartition partition, long beginUnixMilli, long endUnixMilli) {
    return search(partition, scan.at(partition, beginUnixMilli), scan.end(partition), endUnixMilli);
  }

  /** From an offset to the end. */
  List<Sighting> from(TopicPartition partition, long offset) {
    return search(
        partition, Math.max(offset, scan.begin(partition)), scan.end(partition), Long.MAX_VALUE);
  }

  private List<Sighting> search(TopicPartition partition, long from, long to, long endUnixMilli) {
    List<Sighting> found = new ArrayList<>();
    int[] younger = new int[1];
    scan.read(
        partition,
        from,
        to,
        record -> {
          Sighting sighting = look(record);
          if (sighting != null) {
            found.add(sighting);
          }
          // Where a clock was ahead for a while, older records lie behind younger ones.
          younger[0] = record.timestamp() <= endUnixMilli ? 0 : younger[0] + 1;
          return younger[0] < MOST_YOUNGER;
        });
    return found;
  }

  /** The record with the number of the trace's spans in it; null if there are none. */
  @Nullable Sighting look(ConsumerRecord<byte[], byte[]> record) {
    int spans = spans(record);
    return spans == 0
        ? null
        : new Sighting(
            record.topic(), record.partition(), record.offset(), record.timestamp(), spans);
  }

  private int spans(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return 0;
    }
    int spans = 0;
    try {
      cursor.reset(record.value());
      while (cursor.next()) {
        SpanView span = cursor.span();
        if (span.traceIdHigh() == id.high() && span.traceIdLow() == id.low()) {
          spans++;
        }
      }
    } catch (MalformedOtlpException _) {
      // It goes to the dead letters whole; what could be read of it counts.
      return spans;
    }
    return spans;
  }
}
