/** The small HTTP servers for metrics and health. */
@NullMarked
package dev.musa.runtime.http;

import org.jspecify.annotations.NullMarked;
