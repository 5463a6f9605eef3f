package dev.musa.collector;

import dev.musa.collector.SplitRequest.Part;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.MalformedOtlpException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts of several requests that become one record, with the headers of the first: it has waited
 * longest.
 */
final class GatheredRecord implements Callback {
  private static final Logger log = LoggerFactory.getLogger(GatheredRecord.class);

  private final Signal signal;
  private final int partition;
  private final RecordHeaders headers;
  private final Gatherer.Outlet outlet;
  private final JoinerPool joiners;
  private final List<Part> parts = new ArrayList<>();
  private final List<Callback> callbacks = new ArrayList<>();
  private int bytes;
  private int items;

  GatheredRecord(
      Signal signal,
      int partition,
      RecordHeaders headers,
      Gatherer.Outlet outlet,
      JoinerPool joiners) {
    this.signal = signal;
    this.partition = partition;
    this.headers = headers;
    this.outlet = outlet;
    this.joiners = joiners;
  }

  /** Whether parts with these headers belong here: the times of their intake may differ. */
  boolean takes(RecordHeaders others) {
    return Objects.equals(headers.peer(), others.peer())
        && headers.tenant().equals(others.tenant())
        && headers.cluster().equals(others.cluster());
  }

  void add(Part part, Callback callback) {
    parts.add(part);
    callbacks.add(callback);
    bytes += part.value().length;
    items += part.items();
  }

  int bytes() {
    return bytes;
  }

  /** Whatever happens, each request has its answer in the end. */
  void send() {
    byte[] value;
    try {
      value = value();
    } catch (RuntimeException | Error e) {
      log.atError().setCause(e).log("parts of requests could not be put together");
      onCompletion(null, new KafkaException("the record could not be made: " + e, e));
      return;
    }
    outlet.send(signal, partition, value, headers.withItems(items), this);
  }

  private byte[] value() {
    if (parts.size() == 1) {
      return parts.getFirst().value();
    }
    try {
      return joiners.join(parts.stream().map(Part::value).toList());
    } catch (MalformedOtlpException _) {
      // What was checked cannot be; if it is, one after the other they are one request as well.
      return concatenated();
    }
  }

  private byte[] concatenated() {
    byte[] value = new byte[bytes];
    int at = 0;
    for (Part part : parts) {
      System.arraycopy(part.value(), 0, value, at, part.value().length);
      at += part.value().length;
    }
    return value;
  }

  /** Tells the requests; what is too large for Kafka is sent part by part, these may not be. */
  @Override
  public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception problem) {
    boolean divide = problem instanceof RecordTooLargeException && parts.size() > 1;
    for (int i = 0; i < parts.size(); i++) {
      if (divide) {
        Part part = parts.get(i);
        outlet.send(
            signal, partition, part.value(), headers.withItems(part.items()), callbacks.get(i));
      } else {
        callbacks.get(i).onCompletion(metadata, problem);
      }
    }
  }
}
