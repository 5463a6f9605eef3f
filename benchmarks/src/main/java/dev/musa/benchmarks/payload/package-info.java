/** What is sent: shapes as data, and the pool of encoded requests made of them. */
@NullMarked
package dev.musa.benchmarks.payload;

import org.jspecify.annotations.NullMarked;
