/** The processes that are measured: how they start and stop, and what they have used. */
@NullMarked
package dev.musa.benchmarks.process;

import org.jspecify.annotations.NullMarked;
