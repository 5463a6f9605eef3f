@NullMarked
package dev.musa.sinks.backend;

import org.jspecify.annotations.NullMarked;
