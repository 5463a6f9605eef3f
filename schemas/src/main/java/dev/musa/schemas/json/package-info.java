@NullMarked
package dev.musa.schemas.json;

import org.jspecify.annotations.NullMarked;
