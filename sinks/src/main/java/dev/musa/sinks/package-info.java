@NullMarked
package dev.musa.sinks;

import org.jspecify.annotations.NullMarked;
