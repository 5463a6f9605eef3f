/** The Kafka Streams application that carries the paths of logs and metrics, exactly once. */
@NullMarked
package dev.musa.processors.streams;

import org.jspecify.annotations.NullMarked;
