/** How MUSA's own records are written and read by hand, so that no generated class is needed. */
@NullMarked
package dev.musa.schemas.codec;

import org.jspecify.annotations.NullMarked;
