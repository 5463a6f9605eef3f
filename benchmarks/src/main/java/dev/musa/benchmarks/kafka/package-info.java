/** What the bench looks up on Kafka, beside the measured processes. */
@NullMarked
package dev.musa.benchmarks.kafka;

import org.jspecify.annotations.NullMarked;
