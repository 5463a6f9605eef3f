/**
 * JMH benchmarks of single pieces of code, over the same requests as the bench sends: {@code ./musa
 * bench jmh [REGEX]} runs them in JVMs with MUSA's options and shows nanoseconds and allocated
 * bytes per item.
 *
 * <p>What is hidden in a package of its module is reached through a door: a class of that package
 * in this module, whose name ends in {@code Door}. {@code BenchmarksTest} runs every benchmark once
 * in each build.
 */
@NullMarked
package dev.musa.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
