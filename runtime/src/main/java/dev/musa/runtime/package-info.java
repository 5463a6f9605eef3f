@NullMarked
package dev.musa.runtime;

import org.jspecify.annotations.NullMarked;
