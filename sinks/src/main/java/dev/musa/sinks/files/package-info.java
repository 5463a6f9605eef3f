@NullMarked
package dev.musa.sinks.files;

import org.jspecify.annotations.NullMarked;
