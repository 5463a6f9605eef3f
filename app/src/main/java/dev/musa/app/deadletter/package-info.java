/** The dead letters: what was given up, and what to do about it. */
@NullMarked
package dev.musa.app.deadletter;

import org.jspecify.annotations.NullMarked;
