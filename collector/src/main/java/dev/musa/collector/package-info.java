@NullMarked
package dev.musa.collector;

import org.jspecify.annotations.NullMarked;
