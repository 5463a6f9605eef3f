/**
 * Reads the YAML of rule files with the position of everything, and reports all that is wrong
 * instead of stopping at the first.
 */
@NullMarked
package dev.musa.rules.yaml;

import org.jspecify.annotations.NullMarked;
