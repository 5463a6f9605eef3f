/**
 * The path of traces: from the raw topic, in two passes, to the processed one. {@link
 * dev.musa.processors.traces.TracesPath} is what happens to a span, the loop is how Kafka carries
 * it exactly once.
 */
@NullMarked
package dev.musa.processors.traces;

import org.jspecify.annotations.NullMarked;
