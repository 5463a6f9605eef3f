/**
 * Joins telemetry to the pods that sent it. Knows the metadata topic, and nothing of raw topics.
 */
@NullMarked
package dev.musa.processors.enrich;

import org.jspecify.annotations.NullMarked;
