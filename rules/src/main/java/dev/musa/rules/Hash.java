package dev.musa.rules;

import java.util.List;

/**
 * Replaces the values of attributes by their keyed hash. Paths that are absent stay absent.
 *
 * @param hasher for the thread of this instance
 */
public record Hash(String name, Condition when, List<AttributePath> paths, Hasher hasher)
    implements Step {
  public Hash {
    paths = List.copyOf(paths);
  }
}
