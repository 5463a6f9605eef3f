/** The legs: which processes run, what is sent, and what must have come out. */
@NullMarked
package dev.musa.benchmarks.leg;

import org.jspecify.annotations.NullMarked;
