/** What a user sees while MUSA runs: a block redrawn in place, or log lines on a pipe. */
@NullMarked
package dev.musa.app.terminal;

import org.jspecify.annotations.NullMarked;
