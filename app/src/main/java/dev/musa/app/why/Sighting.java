package dev.musa.app.why;

/** A record that holds spans of the trace. */
record Sighting(String topic, int partition, long offset, long unixMilli, int spans) {}
