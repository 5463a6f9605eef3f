@NullMarked
package dev.musa.processors;

import org.jspecify.annotations.NullMarked;
