@NullMarked
package dev.musa.sinks.flow;

import org.jspecify.annotations.NullMarked;
