package dev.musa.rules.publish;

import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** One record of the rules topic: a whole rule set and from when on it is in force. */
public record Publication(
    String version, long activeFromUnixMilli, SortedMap<String, String> files) {
  public Publication {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /**
   * The record's key. It holds the activation too, so that compaction keeps every publication, also
   * of a version that comes back: what was in force at an earlier record must remain known.
   */
  public String key() {
    return String.format(Locale.ROOT, "%013d-%s", activeFromUnixMilli, version);
  }
}
