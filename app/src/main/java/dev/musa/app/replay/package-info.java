/** Sends what a sink has delivered before once more. */
@NullMarked
package dev.musa.app.replay;

import org.jspecify.annotations.NullMarked;
