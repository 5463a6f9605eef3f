package dev.musa.rules.yaml;

/**
 * A place in a file.
 *
 * @param line from 0
 * @param column from 0, in code points
 */
public record Position(SourceText source, int line, int column) {}
