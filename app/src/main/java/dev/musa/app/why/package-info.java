/** What became of one trace, and why. */
@NullMarked
package dev.musa.app.why;

import org.jspecify.annotations.NullMarked;
