package dev.musa.runtime.config;

/** Where something stands in a configuration file; line and column count from 1. */
record Location(String source, int line, int column) {

  @Override
  public String toString() {
    return source + ":" + line + ":" + column;
  }
}
