@NullMarked
package dev.musa.app;

import org.jspecify.annotations.NullMarked;
