/** How long to wait before trying again. */
@NullMarked
package dev.musa.runtime.retry;

import org.jspecify.annotations.NullMarked;
