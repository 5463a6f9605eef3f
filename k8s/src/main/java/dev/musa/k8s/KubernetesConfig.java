package dev.musa.k8s;

import dev.musa.runtime.config.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Which Kubernetes is watched, and what of it becomes resource attributes.
 *
 * @param enabled null: if this process runs in a cluster or {@code kubeconfig} is set
 * @param cluster the name of that cluster, as the collector has it for what comes from there
 * @param kubeconfig how to reach it from outside; null inside of it
 * @param context of the kubeconfig; null for its current one
 * @param rulesConfigMap beside this pod, mounted as {@code rules.directory}: Events on it tell of
 *     rules that are refused; null for none
 * @param processorsStatefulSet beside this pod: processors that it has no more are taken out of
 *     their consumer groups; null for none
 * @param lease which of several replicas works; null for its defaults
 */
public record KubernetesConfig(
    @Nullable Boolean enabled,
    String cluster,
    @Nullable Path kubeconfig,
    @Nullable String context,
    @Nullable String rulesConfigMap,
    @Nullable String processorsStatefulSet,
    Filter filter,
    Exclude exclude,
    Extract extract,
    Lease lease) {

  private static final Pattern OBJECT_NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  /**
   * Only these pods.
   *
   * @param namespace only this one; null for all
   */
  public record Filter(@Nullable String namespace) {}

  /** All but these pods. */
  public record Exclude(List<PodName> pods) {
    public Exclude {
      pods = List.copyOf(pods);
    }
  }

  /** Pods whose name matches this regular expression from its beginning. */
  public record PodName(String name) {
    public PodName {
      pattern("exclude.pods.name", name);
    }
  }

  /**
   * What becomes resource attributes.
   *
   * @param metadata the names of the attributes
   * @param otelAnnotations whether {@code resource.opentelemetry.io/NAME} of a pod becomes NAME
   * @param serviceLabels whether {@code app.kubernetes.io/} labels name the service
   */
  public record Extract(
      List<String> metadata,
      List<Tag> labels,
      List<Tag> annotations,
      boolean otelAnnotations,
      boolean serviceLabels) {
    public Extract {
      metadata = List.copyOf(metadata);
      labels = List.copyOf(labels);
      annotations = List.copyOf(annotations);
      for (String name : metadata) {
        if (!Fields.ALL.contains(name)) {
          throw new IllegalArgumentException(
              "metadata: '%s' (expected: of %s)".formatted(name, new TreeSet<>(Fields.ALL)));
        }
      }
    }

    boolean has(String name) {
      return metadata.contains(name);
    }

    /** Whether some label or annotation is taken from objects of this kind. */
    boolean takesFrom(Source source) {
      return labels.stream().anyMatch(tag -> tag.source() == source)
          || annotations.stream().anyMatch(tag -> tag.source() == source);
    }
  }

  /** Whose labels and annotations. */
  public enum Source {
    POD,
    NAMESPACE,
    NODE,
    DEPLOYMENT,
    STATEFULSET,
    DAEMONSET,
    JOB
  }

  /**
   * A label or annotation that becomes an attribute.
   *
   * @param tagName of the attribute; with {@code keyRegex} may have {@code $1}; null for the usual
   *     name, {@code k8s.pod.label.KEY} and the like
   * @param key of the label or annotation; else {@code keyRegex}
   * @param keyRegex matches the whole key
   * @param from null for the pod's own
   */
  public record Tag(
      @Nullable String tagName,
      @Nullable String key,
      @Nullable String keyRegex,
      @Nullable Source from) {
    public Tag {
      if ((key == null) == (keyRegex == null)) {
        throw new IllegalArgumentException(
            "key: %s, keyRegex: %s (expected: one of the two)".formatted(key, keyRegex));
      }
      if (keyRegex != null) {
        pattern("keyRegex", keyRegex);
      }
    }

    Source source() {
      return from == null ? Source.POD : from;
    }
  }

  /**
   * Which replica works.
   *
   * @param enabled null: in a cluster that is watched, unless this process has a Kafka of its own;
   *     without it nobody but this process may do its work
   * @param namespace null for that of this pod
   * @param duration how long a replica that is silent keeps the work
   */
  public record Lease(
      @Nullable Boolean enabled, String name, @Nullable String namespace, Duration duration) {
    private static final Duration SHORTEST = Duration.ofSeconds(3);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    public Lease {
      if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            "duration: " + Durations.format(duration) + " (expected: 3s to 10m)");
      }
    }
  }

  public KubernetesConfig {
    if (!cluster.matches("[^\\p{Cntrl}]{1,128}")) {
      throw new IllegalArgumentException(
          "cluster: '" + cluster + "' (expected: 1 to 128 characters without control characters)");
    }
    objectName("rulesConfigMap", rulesConfigMap);
    objectName("processorsStatefulSet", processorsStatefulSet);
  }

  public static KubernetesConfig defaults() {
    return new KubernetesConfig(
        null,
        "default",
        null,
        null,
        null,
        null,
        new Filter(null),
        new Exclude(List.of()),
        new Extract(List.copyOf(new TreeSet<>(Fields.DEFAULT)), List.of(), List.of(), true, true),
        new Lease(null, "musa-control", null, Duration.ofSeconds(10)));
  }

  /**
   * Whether the API is watched.
   *
   * @param inCluster whether this process runs in a pod
   */
  public boolean isOn(boolean inCluster) {
    return enabled == null ? hasApi(inCluster) : enabled;
  }

  /**
   * Whether Events tell of rules that are refused.
   *
   * @param inCluster whether this process runs in a pod
   */
  public boolean hasRulesEvents(boolean inCluster) {
    return rulesConfigMap != null && hasApi(inCluster);
  }

  /**
   * Whether processors that are scaled away are taken out of their groups.
   *
   * @param inCluster whether this process runs in a pod
   */
  public boolean hasScaleDown(boolean inCluster) {
    return processorsStatefulSet != null && hasApi(inCluster);
  }

  /**
   * Whether a Lease says which process works.
   *
   * @param inCluster whether this process runs in a pod
   * @param isAlone whether nobody else can do the work, as the Kafka is in this process
   */
  public boolean hasLease(boolean inCluster, boolean isAlone) {
    return lease.enabled == null ? inCluster && !isAlone && isOn(true) : lease.enabled;
  }

  /** The attributes that the API tells, by the names of the semantic conventions. */
  static final class Fields {
    static final String POD_UID = "k8s.pod.uid";
    static final String POD_NAME = "k8s.pod.name";
    static final String POD_IP = "k8s.pod.ip";
    static final String POD_HOSTNAME = "k8s.pod.hostname";
    static final String POD_START_TIME = "k8s.pod.start_time";
    static final String NAMESPACE = "k8s.namespace.name";
    static final String NODE_NAME = "k8s.node.name";
    static final String NODE_UID = "k8s.node.uid";
    static final String CLUSTER_NAME = "k8s.cluster.name";
    static final String CLUSTER_UID = "k8s.cluster.uid";
    static final String CONTAINER_NAME = "k8s.container.name";
    static final String CONTAINER_ID = "container.id";
    static final String IMAGE_NAME = "container.image.name";
    static final String IMAGE_TAG = "container.image.tag";
    static final String IMAGE_DIGESTS = "container.image.repo_digests";
    static final String SERVICE_NAME = "service.name";
    static final String SERVICE_NAMESPACE = "service.namespace";
    static final String SERVICE_VERSION = "service.version";
    static final String SERVICE_INSTANCE = "service.instance.id";

    /** Without what is large or seldom asked for. */
    static final Set<String> DEFAULT =
        Set.of(
            POD_UID,
            POD_NAME,
            POD_START_TIME,
            NAMESPACE,
            NODE_NAME,
            CLUSTER_NAME,
            CLUSTER_UID,
            "k8s.deployment.name",
            "k8s.statefulset.name",
            "k8s.daemonset.name",
            "k8s.cronjob.name",
            "k8s.job.name",
            CONTAINER_NAME,
            SERVICE_NAME,
            SERVICE_NAMESPACE,
            SERVICE_VERSION,
            SERVICE_INSTANCE);

    static final Set<String> ALL = all();

    private Fields() {}

    private static Set<String> all() {
      Set<String> all = new TreeSet<>(DEFAULT);
      all.addAll(
          Set.of(
              POD_IP,
              POD_HOSTNAME,
              NODE_UID,
              CONTAINER_ID,
              IMAGE_NAME,
              IMAGE_TAG,
              IMAGE_DIGESTS,
              "k8s.replicaset.name"));
      for (String kind :
          List.of("deployment", "replicaset", "statefulset", "daemonset", "job", "cronjob")) {
        all.add("k8s." + kind + ".uid");
      }
      return Set.copyOf(all);
    }
  }

  private boolean hasApi(boolean inCluster) {
    return inCluster || kubeconfig != null;
  }

  private static void objectName(String key, @Nullable String name) {
    if (name != null && !OBJECT_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: a name as Kubernetes has them, such as musa-rules)"
              .formatted(key, name));
    }
  }

  private static void pattern(String key, String regex) {
    try {
      var _ = Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: a regular expression; %s)".formatted(key, regex, e.getMessage()), e);
    }
  }
}
