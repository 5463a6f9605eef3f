package dev.musa.rules;

/**
 * Drops the items to which its condition applies. A {@code drop: metric} has a condition that is
 * the same for all data points of a metric (the loader sees to it), so dropping each one drops the
 * metric; a {@code drop: trace} is no step but the first of the {@linkplain Sample#policies()
 * policies}.
 */
public record Drop(String name, Condition when) implements Step {}
