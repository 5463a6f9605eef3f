/** One YAML file read over a tree of records with defaults, and printed back. */
@NullMarked
package dev.musa.runtime.config;

import org.jspecify.annotations.NullMarked;
