/**
 * What processors do to items, without Kafka: filter, redact and limit, run in the order of the
 * rules.
 */
@NullMarked
package dev.musa.processors.stages;

import org.jspecify.annotations.NullMarked;
