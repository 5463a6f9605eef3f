/**
 * Conditions: CEL, checked by dev.cel and compiled to closures over the wire views. {@link
 * dev.musa.rules.condition.Expressions} checks, {@link dev.musa.rules.condition.Compiler} compiles.
 */
@NullMarked
package dev.musa.rules.condition;

import org.jspecify.annotations.NullMarked;
