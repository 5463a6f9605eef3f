/**
 * Joins telemetry to the pods that sent it, or that it is about. Knows the metadata topic, and
 * nothing of raw topics.
 */
@NullMarked
package dev.musa.processors.enrich;

import org.jspecify.annotations.NullMarked;
