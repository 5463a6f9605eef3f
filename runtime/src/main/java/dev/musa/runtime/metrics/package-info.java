/** The metrics registry and the counters that have to balance. */
@NullMarked
package dev.musa.runtime.metrics;

import org.jspecify.annotations.NullMarked;
