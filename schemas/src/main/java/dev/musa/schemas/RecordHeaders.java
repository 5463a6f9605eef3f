package dev.musa.schemas;

import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a record with telemetry say.
 *
 * @param tenant whose telemetry it is
 * @param cluster the cluster that it comes from
 * @param items the number of spans, log records or data points in the value
 * @param intakeTimeUnixMilli when the collector received it, in milliseconds since the epoch
 * @param peer address of the sender; on raw topics only, if a resource names no pod and no
 *     container
 * @param rulesVersion version of the rule set that was applied; on processed topics only
 */
public record RecordHeaders(
    String tenant,
    String cluster,
    int items,
    long intakeTimeUnixMilli,
    @Nullable String peer,
    @Nullable String rulesVersion) {
  public static final String TENANT = "musa.tenant";
  public static final String CLUSTER = "musa.cluster";
  public static final String ITEMS = "musa.items";
  public static final String INTAKE_TIME = "musa.intake.time.unix.milli";
  public static final String SCHEMA_VERSION = "musa.schema.version";
  public static final String PEER = "musa.peer.address";
  public static final String RULES_VERSION = "musa.rules.version";

  /** Version of the layout of records; a reader refuses a newer one. */
  private static final long CURRENT_SCHEMA_VERSION = 1;

  public RecordHeaders {
    if (items < 0) {
      throw new BadHeadersException("header " + ITEMS + ": " + items + " (expected: at least 0)");
    }
  }

  public void writeTo(Headers headers) {
    HeaderCodec.put(headers, TENANT, tenant);
    HeaderCodec.put(headers, CLUSTER, cluster);
    HeaderCodec.put(headers, ITEMS, Integer.toString(items));
    HeaderCodec.put(headers, INTAKE_TIME, Long.toString(intakeTimeUnixMilli));
    HeaderCodec.put(headers, SCHEMA_VERSION, Long.toString(CURRENT_SCHEMA_VERSION));
    HeaderCodec.put(headers, PEER, peer);
    HeaderCodec.put(headers, RULES_VERSION, rulesVersion);
  }

  /**
   * Reads the headers of a record; throws {@link BadHeadersException} that names the header that is
   * missing or wrong.
   */
  public static RecordHeaders read(Headers headers) {
    long version = HeaderCodec.requiredNumber(headers, SCHEMA_VERSION);
    if (version != CURRENT_SCHEMA_VERSION) {
      throw new BadHeadersException(
          "header "
              + SCHEMA_VERSION
              + ": "
              + version
              + " (expected: "
              + CURRENT_SCHEMA_VERSION
              + "; read it with the version of MUSA that wrote it)");
    }
    long items = HeaderCodec.requiredNumber(headers, ITEMS);
    if (items > Integer.MAX_VALUE) {
      throw new BadHeadersException("header " + ITEMS + ": " + items + " (expected: an int)");
    }
    return new RecordHeaders(
        HeaderCodec.requiredText(headers, TENANT),
        HeaderCodec.requiredText(headers, CLUSTER),
        (int) items,
        HeaderCodec.requiredNumber(headers, INTAKE_TIME),
        HeaderCodec.text(headers, PEER),
        HeaderCodec.text(headers, RULES_VERSION));
  }

  public RecordHeaders withItems(int items) {
    return new RecordHeaders(tenant, cluster, items, intakeTimeUnixMilli, peer, rulesVersion);
  }

  /** The headers of the processed record; the peer's address stays behind on the raw topic. */
  public RecordHeaders withRulesVersion(String rulesVersion) {
    return new RecordHeaders(tenant, cluster, items, intakeTimeUnixMilli, null, rulesVersion);
  }
}
