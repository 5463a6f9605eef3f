package dev.musa.schemas.wire;

import java.util.Locale;

/**
 * Why an item is refused at intake: OTLP forbids it, or a backend would refuse the whole batch that
 * it stands in.
 *
 * <p>The name in lower case is the metric label.
 */
public enum Refusal {
  TRACE_ID("trace id is not 16 bytes that are not all zero"),
  SPAN_ID("span id is not 8 bytes that are not all zero"),
  PARENT_SPAN_ID("parent span id is neither empty nor 8 bytes"),
  LINKED_ID("trace id or span id of a link or exemplar is neither empty nor of the right length"),
  ATTRIBUTE_KEY(
      "attribute key is empty or, for logs and metrics, has no ASCII letter or digit, which Loki"
          + " and Prometheus need"),
  TEXT_ENCODING("string is not UTF-8"),
  NESTING("value is nested too deeply"),
  FIELD_TYPE("known field has another wire type than OTLP gives it"),
  METRIC_NAME("metric has no name"),
  TEMPORALITY("aggregation temporality is not specified"),
  ITEM_SIZE("item is larger than a Kafka record may be");

  private final String label = name().toLowerCase(Locale.ROOT);
  private final String message;

  Refusal(String message) {
    this.message = message;
  }

  public String label() {
    return label;
  }

  /** What is wrong, in words for the sender. */
  public String message() {
    return message;
  }
}
