package dev.musa.collector;

/** Why a request was refused as a whole: the label of the metric. */
enum Reason {
  OVER_BUDGET("over_budget"),
  PAUSED("paused"),
  STOPPING("stopping"),
  SLOW_CLIENT("slow_client"),
  KAFKA_UNAVAILABLE("kafka_unavailable"),
  KAFKA_BUFFER_FULL("kafka_buffer_full"),
  KAFKA_NOT_AUTHORIZED("kafka_not_authorized"),
  KAFKA_ERROR("kafka_error"),
  MALFORMED("malformed"),
  TOO_LARGE("too_large"),
  INTERNAL_ERROR("internal_error");

  private final String label;

  Reason(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
