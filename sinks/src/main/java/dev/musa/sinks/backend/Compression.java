package dev.musa.sinks.backend;

/** How request bodies are compressed. */
public enum Compression {
  NONE,
  GZIP
}
