/** Results as tables, JSON and plots. */
@NullMarked
package dev.musa.benchmarks.report;

import org.jspecify.annotations.NullMarked;
