package dev.musa.benchmarks.process;

/**
 * What a process used in a window.
 *
 * @param cpuSeconds user and system
 * @param cpuSecondsPerMillion items
 * @param peakResidentBytes since its start; -1 if nobody knows, as in the next two
 * @param heapAfterGcBytes at the end of the window
 * @param allocatedBytesPerItem on the heap
 */
public record Usage(
    String name,
    double cpuSeconds,
    double cpuSecondsPerMillion,
    long peakResidentBytes,
    long heapAfterGcBytes,
    double allocatedBytesPerItem) {}
