/** What happens to logs between their raw and their processed topic. */
@NullMarked
package dev.musa.processors.logs;

import org.jspecify.annotations.NullMarked;
