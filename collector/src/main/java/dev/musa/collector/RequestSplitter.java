package dev.musa.collector;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.AnyValueView;
import dev.musa.schemas.wire.Attributes;
import dev.musa.schemas.wire.LogRecordView;
import dev.musa.schemas.wire.OtlpCursor;
import dev.musa.schemas.wire.OtlpValidator;
import dev.musa.schemas.wire.Partitions;
import dev.musa.schemas.wire.Refusal;
import dev.musa.schemas.wire.ResourceView;
import dev.musa.schemas.wire.Slicer;
import dev.musa.schemas.wire.SpanView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Validates the items of a request and sorts them by partition, in one walk over its bytes. Not
 * thread-safe; {@link SplitterPool} lends them out.
 */
final class RequestSplitter implements Slicer.Route {
  private static final byte[] POD_UID = "k8s.pod.uid".getBytes(UTF_8);
  private static final byte[] POD_IP = "k8s.pod.ip".getBytes(UTF_8);
  private static final byte[] CONTAINER_ID = "container.id".getBytes(UTF_8);

  /** Tag of {@code fixed64 observed_time_unix_nano = 11} in a log record. */
  private static final byte OBSERVED_TIME_TAG = 11 << 3 | 1;

  private final Signal signal;
  private final int maxRecordBytes;
  private final Slicer slicer;
  private final OtlpValidator validator;
  private final byte[] observedTime = new byte[1 + Long.BYTES];
  private final int keyPrefixLength;
  private byte[] key;

  private int partitions;
  private int resourcePartition;
  private boolean needsPeer;
  private final AnyValueView value = new AnyValueView();
  private Rejections rejections = new Rejections();

  RequestSplitter(Signal signal, String tenant, int maxRecordBytes) {
    this.signal = signal;
    this.maxRecordBytes = maxRecordBytes;
    slicer = new Slicer(signal);
    validator = new OtlpValidator(signal, maxRecordBytes);
    // The key of logs and metrics is the tenant, NUL, and the bytes of the resource.
    key = (tenant + '\0').getBytes(UTF_8);
    keyPrefixLength = key.length;
    observedTime[0] = OBSERVED_TIME_TAG;
  }

  /**
   * Throws {@link dev.musa.schemas.wire.MalformedOtlpException} for bytes that are not a request of
   * this signal.
   */
  SplitRequest split(byte[] body, int partitions, Instant now) {
    this.partitions = partitions;
    needsPeer = false;
    rejections = new Rejections();
    ByteBuffer.wrap(observedTime)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(1, now.getEpochSecond() * 1_000_000_000L + now.getNano());
    slicer.slice(body, partitions, this);
    List<SplitRequest.Part> parts = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      if (!slicer.isEmpty(p)) {
        addParts(p, parts);
      }
    }
    return new SplitRequest(parts, rejections, needsPeer);
  }

  private void addParts(int partition, List<SplitRequest.Part> parts) {
    slicer.write(
        partition,
        maxRecordBytes,
        (value, items) -> {
          if (value.length > maxRecordBytes) {
            rejections.add(tooLarge(value.length), items);
          } else {
            parts.add(new SplitRequest.Part(partition, value, items));
          }
        });
  }

  @Override
  public int destination(OtlpCursor at) {
    if (at.firstOfResource()) {
      enter(at.resource());
    }
    Refusal refusal = validator.check(at);
    if (refusal != null) {
      rejections.add(new Rejections.Cause(refusal.label(), refusal.message()), 1);
      return Slicer.DROP;
    }
    return switch (signal) {
      case TRACES -> {
        SpanView span = at.span();
        yield Partitions.ofTrace(span.traceIdHigh(), span.traceIdLow(), partitions);
      }
      case LOGS -> {
        stampIfTimeless(at.logRecord());
        yield resourcePartition;
      }
      case METRICS -> resourcePartition;
    };
  }

  private void enter(ResourceView resource) {
    Attributes attributes = resource.attributes();
    needsPeer |=
        !says(attributes, POD_UID) && !says(attributes, POD_IP) && !says(attributes, CONTAINER_ID);
    if (signal != Signal.TRACES) {
      resourcePartition = partitionOf(resource);
    }
  }

  /** An empty text says nothing. */
  private boolean says(Attributes attributes, byte[] key) {
    return attributes.find(key, value) && !value.text().isEmpty();
  }

  private int partitionOf(ResourceView resource) {
    int length = keyPrefixLength + resource.size();
    if (key.length < length) {
      key = Arrays.copyOf(key, Math.max(length, 2 * key.length));
    }
    int end = resource.copyTo(key, keyPrefixLength);
    return Partitions.ofKey(key, 0, end, partitions);
  }

  /** Without any time each resend of a log record would be a new line in Loki. */
  private void stampIfTimeless(LogRecordView log) {
    if (log.timeUnixNano() == 0 && log.observedTimeUnixNano() == 0) {
      slicer.appendToItem(observedTime);
    }
  }

  private Rejections.Cause tooLarge(int bytes) {
    return new Rejections.Cause(
        Refusal.ITEM_SIZE.label(),
        "one item with its resource and scope takes "
            + bytes
            + " bytes (expected: at most "
            + maxRecordBytes
            + ")");
  }
}
