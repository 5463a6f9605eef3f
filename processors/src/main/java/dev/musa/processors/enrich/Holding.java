package dev.musa.processors.enrich;

/**
 * That a pod has a key, such as an address, in some time.
 *
 * @param from in milliseconds since the epoch
 * @param until {@link Long#MAX_VALUE} while it has it
 */
record Holding(IndexedPod pod, long from, long until) {}
