package dev.musa.rules;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Replaces the values of attributes by their keyed hash. Paths that are absent stay absent.
 *
 * @param hasher for the thread of this instance
 */
public record Hash(String name, Condition when, List<AttributePath> paths, Hasher hasher)
    implements Step {
  /** Where what a sender has said of these is kept, as they are not its to say. */
  private static final String SENT = "musa.sent.";

  private static final Set<String> REPLACED = Set.of("k8s.cluster.name", "k8s.cluster.uid");

  public Hash {
    paths =
        paths.stream()
            .flatMap(path ->
                path.scope() == AttributePath.Scope.RESOURCE && REPLACED.contains(path.key())
                    ? Stream.of(path, new AttributePath(path.scope(), SENT + path.key()))
                    : Stream.of(path))
            .toList();
  }
}
