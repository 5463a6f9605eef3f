/** The backend: takes OTLP, counts and discards it. */
@NullMarked
package dev.musa.benchmarks.backend;

import org.jspecify.annotations.NullMarked;
