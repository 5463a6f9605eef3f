@NullMarked
package dev.musa.rules;

import org.jspecify.annotations.NullMarked;
