/** JMH benchmarks of single pieces of code. */
@NullMarked
package dev.musa.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
