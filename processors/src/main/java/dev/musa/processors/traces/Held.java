package dev.musa.processors.traces;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record that pass two has before it.
 *
 * @param whole what pass one has found, if all of the record goes on as it is; else null
 */
record Held(ConsumerRecord<byte[], byte[]> record, @Nullable Whole whole) {}
