/** What happens to metrics between their raw and their processed topic. */
@NullMarked
package dev.musa.processors.metrics;

import org.jspecify.annotations.NullMarked;
