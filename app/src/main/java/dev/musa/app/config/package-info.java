/** The configuration of a process: one record tree, read once. */
@NullMarked
package dev.musa.app.config;

import org.jspecify.annotations.NullMarked;
