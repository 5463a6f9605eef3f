package dev.musa.benchmarks.payload;

/**
 * Offsets of what is rewritten in a request.
 *
 * @param items spans, log records or data points
 * @param errors spans with status ERROR
 * @param traceIds 16 bytes each
 * @param spanIds 8 bytes each: of spans, parents, links
 * @param times fixed64 that become the time of sending
 * @param ends fixed64 that become the time of sending plus the duration at the same index
 */
// Read by one class in this package, on the path of every request.
@SuppressWarnings("ArrayRecordComponent")
record Places(
    int items,
    int errors,
    int[] traceIds,
    int[] spanIds,
    int[] times,
    int[] ends,
    long[] durations) {}
