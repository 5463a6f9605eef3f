/** Starting, watching and closing the parts of a process in order. */
@NullMarked
package dev.musa.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
