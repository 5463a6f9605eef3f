/**
 * Tail sampling in two passes over one partition, as plain Java: no Kafka, no clock of its own.
 *
 * <p>Pass one reads each record as it arrives and keeps a summary per trace; pass two trails behind
 * and finds every trace decided. Nothing here is thread-safe: one thread owns a partition.
 */
@NullMarked
package dev.musa.processors.sampling;

import org.jspecify.annotations.NullMarked;
