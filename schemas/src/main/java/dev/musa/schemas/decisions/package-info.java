/** Records of the decisions topic, as {@code decisions.proto} describes them. */
@NullMarked
package dev.musa.schemas.decisions;

import org.jspecify.annotations.NullMarked;
