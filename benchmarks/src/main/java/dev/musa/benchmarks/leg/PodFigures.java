package dev.musa.benchmarks.leg;

/**
 * What the processors say of pods.
 *
 * @param expected pods that they were told of
 * @param known pods that they know
 * @param unenrichedItems that went on without their pod
 */
record PodFigures(long expected, long known, long unenrichedItems) {}
