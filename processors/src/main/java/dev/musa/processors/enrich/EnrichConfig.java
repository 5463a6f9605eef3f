package dev.musa.processors.enrich;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How telemetry is joined to the pods that sent it.
 *
 * @param podAssociation how a resource tells its pod; the first one counts whose sources are all
 *     there, also if it finds no pod
 * @param waitForMetadata how long logs and metrics of a pod that is not known yet are held back
 */
public record EnrichConfig(
    boolean enabled, List<Association> podAssociation, Duration waitForMetadata) {
  private static final int MOST_SOURCES = 4;
  private static final int MOST_ASSOCIATIONS = 20;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /** All of these together. */
  public record Association(List<Source> sources) {
    public Association {
      sources = List.copyOf(sources);
      if (sources.isEmpty() || sources.size() > MOST_SOURCES) {
        throw new IllegalArgumentException(
            "sources: %d (expected: 1 to %d)".formatted(sources.size(), MOST_SOURCES));
      }
    }

    private boolean isByConnection() {
      return sources.stream().anyMatch(source -> source.from() == From.CONNECTION);
    }
  }

  /** Where something stands that tells a pod. */
  public enum From {
    /** The address that sent it. */
    CONNECTION,
    /** An attribute of its resource. */
    RESOURCE_ATTRIBUTE
  }

  /**
   * Something that tells a pod.
   *
   * @param name of the resource attribute
   */
  public record Source(From from, @Nullable String name) {
    public Source {
      if ((from == From.RESOURCE_ATTRIBUTE) == (name == null || name.isEmpty())) {
        throw new IllegalArgumentException(
            from == From.CONNECTION
                ? "name: " + name + " (expected: none, as it is from connection)"
                : "name: missing (expected: the resource attribute, such as k8s.pod.uid)");
      }
    }
  }

  public EnrichConfig {
    podAssociation = List.copyOf(podAssociation);
    if (podAssociation.size() > MOST_ASSOCIATIONS) {
      throw new IllegalArgumentException(
          "podAssociation: %d (expected: at most %d)"
              .formatted(podAssociation.size(), MOST_ASSOCIATIONS));
    }
    for (int i = 0; i < podAssociation.size(); i++) {
      Association association = podAssociation.get(i);
      boolean isLast = i + 1 == podAssociation.size() && association.sources().size() == 1;
      if (association.isByConnection() && !isLast) {
        throw new IllegalArgumentException(
            "podAssociation[%d]: from connection, before others or with others (expected: last and alone: the collector keeps the address only of resources without k8s.pod.uid, k8s.pod.ip and container.id)"
                .formatted(i));
      }
    }
    if (waitForMetadata.isNegative() || waitForMetadata.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException(
          "waitForMetadata: " + waitForMetadata.toSeconds() + "s (expected: 0s to 5m)");
    }
  }

  /** What can be trusted most comes first; an address is the last resort. */
  public static EnrichConfig defaults() {
    return new EnrichConfig(
        true,
        List.of(
            attributes("k8s.pod.uid"),
            attributes("container.id"),
            attributes("k8s.pod.name", "k8s.namespace.name"),
            attributes("k8s.pod.ip"),
            new Association(List.of(new Source(From.CONNECTION, null)))),
        Duration.ofSeconds(10));
  }

  private static Association attributes(String... names) {
    return new Association(
        List.of(names).stream().map(name -> new Source(From.RESOURCE_ATTRIBUTE, name)).toList());
  }
}
