/** Connecting to Kafka, and the state of topics and groups that has to hold before a start. */
@NullMarked
package dev.musa.runtime.kafka;

import org.jspecify.annotations.NullMarked;
