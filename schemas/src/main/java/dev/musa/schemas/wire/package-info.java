@NullMarked
package dev.musa.schemas.wire;

import org.jspecify.annotations.NullMarked;
