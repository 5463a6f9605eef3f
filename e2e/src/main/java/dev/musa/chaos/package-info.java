/**
 * {@code musa chaos}: a known load, faults at random moments, and at the end a comparison of what
 * was acknowledged with what arrived, item by item.
 */
@NullMarked
package dev.musa.chaos;

import org.jspecify.annotations.NullMarked;
