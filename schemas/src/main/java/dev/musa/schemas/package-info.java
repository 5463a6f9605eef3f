@NullMarked
package dev.musa.schemas;

import org.jspecify.annotations.NullMarked;
