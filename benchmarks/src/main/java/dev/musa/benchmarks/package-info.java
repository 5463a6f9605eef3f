/** The bench: drives MUSA or another collector, counts what comes out and says what it cost. */
@NullMarked
package dev.musa.benchmarks;

import org.jspecify.annotations.NullMarked;
