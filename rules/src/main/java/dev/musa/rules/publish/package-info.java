/**
 * How rule sets travel: a directory of files becomes records of a compacted topic, and these become
 * the timeline from which each record's rules are picked.
 */
@NullMarked
package dev.musa.rules.publish;

import org.jspecify.annotations.NullMarked;
