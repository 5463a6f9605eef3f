package dev.musa.k8s;

import dev.musa.k8s.KubernetesConfig.Extract;
import dev.musa.k8s.KubernetesConfig.Fields;
import dev.musa.k8s.KubernetesConfig.Source;
import dev.musa.schemas.metadata.Pod;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a pod of the API says of what it sends, in two steps: what stands in the pod itself, and
 * what its owners, its namespace and its node add. {@code service.*} follows the order of <a
 * href="https://opentelemetry.io/docs/specs/semconv/non-normative/k8s-attributes/">the semantic
 * conventions</a>.
 */
final class PodMapper {
  private static final String OTEL_ANNOTATION = "resource.opentelemetry.io/";
  private static final String INSTANCE_LABEL = "app.kubernetes.io/instance";
  private static final String NAME_LABEL = "app.kubernetes.io/name";
  private static final String VERSION_LABEL = "app.kubernetes.io/version";
  private static final String TEMPLATE_HASH_LABEL = "pod-template-hash";
  private static final String REPLICA_SET = "ReplicaSet";

  /** Telemetry of a container that has restarted may still be on its way. */
  private static final int KEPT_RUNS = 3;

  /** In whose name a service goes, first come. */
  private static final List<String> SERVICE_NAME_BY_OWNER =
      List.of("Deployment", REPLICA_SET, "StatefulSet", "DaemonSet", "CronJob", "Job");

  private final String cluster;
  private final Extract extract;
  private final Tags tags;

  PodMapper(String cluster, Extract extract) {
    this.cluster = cluster;
    this.extract = extract;
    this.tags = new Tags(extract);
  }

  /** What a pod does not know of itself. */
  interface Surroundings {
    /** The owner of an owner; null if it has none or none is known. */
    Pod.@Nullable Owner ownerOf(Pod.Owner owner);

    /** Attributes that the workload, the namespace and the node give. */
    Map<String, String> attributes(Pod pod);
  }

  /** The time since when a pod has what it shows now: not before it could send anything. */
  private static long firstStart(PodStatus status, long now) {
    long first = now;
    for (List<ContainerStatus> statuses :
        List.of(status.getInitContainerStatuses(), status.getContainerStatuses())) {
      for (ContainerStatus container : statuses) {
        first = Math.min(first, startOf(container, now));
      }
    }
    return first;
  }

  private static long startOf(ContainerStatus container, long now) {
    var state = container.getState();
    if (state == null) {
      return now;
    }
    if (state.getRunning() != null) {
      return millis(state.getRunning().getStartedAt(), now);
    }
    return state.getTerminated() == null ? now : millis(state.getTerminated().getStartedAt(), now);
  }

  /**
   * What stands in the pod.
   *
   * @param before what is published of it, for the addresses and containers that it had; null if
   *     nothing is
   * @param now in milliseconds since the epoch
   */
  Pod own(io.fabric8.kubernetes.api.model.Pod pod, @Nullable Pod before, long now) {
    ObjectMeta meta = pod.getMetadata();
    PodSpec spec = Objects.requireNonNullElseGet(pod.getSpec(), PodSpec::new);
    PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
    boolean hostNetwork = Boolean.TRUE.equals(spec.getHostNetwork());
    Map<String, String> attributes = new HashMap<>();
    annotated(meta, attributes);
    put(attributes, Fields.POD_UID, meta.getUid());
    put(attributes, Fields.POD_NAME, meta.getName());
    put(attributes, Fields.NAMESPACE, meta.getNamespace());
    put(attributes, Fields.POD_IP, status.getPodIP());
    put(attributes, Fields.POD_START_TIME, status.getStartTime());
    put(attributes, Fields.NODE_NAME, spec.getNodeName());
    put(
        attributes,
        Fields.POD_HOSTNAME,
        spec.getHostname() == null || spec.getHostname().isEmpty()
            ? meta.getName()
            : spec.getHostname());
    put(attributes, Fields.CLUSTER_NAME, cluster);
    tags.choose(Source.POD, meta, attributes);
    labelled(meta, attributes);
    return new Pod(
        cluster,
        meta.getUid(),
        meta.getName(),
        Objects.requireNonNullElse(meta.getNamespace(), ""),
        Objects.requireNonNullElse(spec.getNodeName(), ""),
        addresses(status, before, now),
        hostNetwork,
        millis(meta.getCreationTimestamp(), now),
        0,
        attributes,
        containers(meta, status, before),
        owners(meta));
  }

  /** The same with what is around it. */
  Pod complete(Pod own, Surroundings around) {
    List<Pod.Owner> owners = chain(own.owners(), around);
    Map<String, String> attributes = new HashMap<>(own.attributes());
    Pod whole = with(own, attributes, owners);
    around
        .attributes(whole)
        .forEach((key, value) -> {
          if (extract.has(key) || !Fields.ALL.contains(key)) {
            attributes.putIfAbsent(key, value);
          }
        });
    for (Pod.Owner owner : owners) {
      String kind = "k8s." + owner.kind().toLowerCase(Locale.ROOT);
      put(attributes, kind + ".name", owner.name());
      put(attributes, kind + ".uid", owner.uid());
    }
    put(attributes, Fields.SERVICE_NAME, serviceName(own, owners));
    put(attributes, Fields.SERVICE_NAMESPACE, own.namespace());
    return with(own, attributes, owners);
  }

  /** What is known of the owners; else what the pod says of them. */
  private static List<Pod.Owner> chain(List<Pod.Owner> told, Surroundings around) {
    if (told.isEmpty()) {
      return told;
    }
    List<Pod.Owner> known = new ArrayList<>();
    for (Pod.Owner next = told.getFirst(); next != null; next = around.ownerOf(next)) {
      known.add(next);
    }
    return known.size() == 1 ? told : known;
  }

  private static Pod with(Pod own, Map<String, String> attributes, List<Pod.Owner> owners) {
    return new Pod(
        own.cluster(),
        own.uid(),
        own.name(),
        own.namespace(),
        own.node(),
        own.addresses(),
        own.hostNetwork(),
        own.createdUnixMilli(),
        own.deletedUnixMilli(),
        attributes,
        own.containers(),
        owners);
  }

  private static String serviceName(Pod pod, List<Pod.Owner> owners) {
    for (String kind : SERVICE_NAME_BY_OWNER) {
      for (Pod.Owner owner : owners) {
        if (owner.kind().equals(kind)) {
          return owner.name();
        }
      }
    }
    return pod.name();
  }

  private void annotated(ObjectMeta meta, Map<String, String> attributes) {
    if (extract.otelAnnotations() && meta.getAnnotations() != null) {
      meta.getAnnotations()
          .forEach((key, value) -> {
            String name =
                key.startsWith(OTEL_ANNOTATION) ? key.substring(OTEL_ANNOTATION.length()) : "";
            if (!name.isEmpty() && !isIdentity(name)) {
              attributes.put(name, value);
            }
          });
    }
  }

  /** Which pod it is, and where, is the API's to say: whoever writes annotations may be anybody. */
  private static boolean isIdentity(String name) {
    return name.startsWith("k8s.") || name.startsWith("container.");
  }

  private void labelled(ObjectMeta meta, Map<String, String> attributes) {
    Map<String, String> given = meta.getLabels();
    if (extract.serviceLabels() && given != null) {
      put(attributes, Fields.SERVICE_NAME, given.get(INSTANCE_LABEL));
      put(attributes, Fields.SERVICE_NAME, given.get(NAME_LABEL));
      put(attributes, Fields.SERVICE_VERSION, given.get(VERSION_LABEL));
    }
  }

  /** Only if it is asked for, known, and nothing with more weight says otherwise. */
  private void put(Map<String, String> attributes, String key, @Nullable String value) {
    if (value != null && !value.isEmpty() && extract.has(key)) {
      attributes.putIfAbsent(key, value);
    }
  }

  /**
   * A pod that has ended has given its addresses back, though the API still shows them; the
   * addresses that it had before stay, with their end.
   */
  private static List<Pod.Address> addresses(PodStatus status, @Nullable Pod before, long now) {
    Set<String> current = new HashSet<>();
    boolean ended = hasEnded(status);
    if (!ended && status.getPodIPs() != null) {
      status.getPodIPs().stream().map(PodIP::getIp).filter(Objects::nonNull).forEach(current::add);
    }
    if (!ended && status.getPodIP() != null) {
      current.add(status.getPodIP());
    }
    List<Pod.Address> addresses = new ArrayList<>();
    for (Pod.Address had : before == null ? List.<Pod.Address>of() : before.addresses()) {
      if (had.untilUnixMilli() != 0 || current.remove(had.ip())) {
        addresses.add(had);
      } else {
        long until = ended ? endOf(status, now) : now;
        addresses.add(
            new Pod.Address(had.ip(), had.fromUnixMilli(), Math.max(until, had.fromUnixMilli())));
      }
    }
    // What it gets later than at its start it has from now on.
    long from = addresses.isEmpty() ? firstStart(status, now) : now;
    for (String ip : new TreeSet<>(current)) {
      addresses.add(new Pod.Address(ip, from, 0));
    }
    return addresses;
  }

  /** By its phase, or, while it is being deleted, as none of its containers runs any more. */
  private static boolean hasEnded(PodStatus status) {
    if ("Succeeded".equals(status.getPhase()) || "Failed".equals(status.getPhase())) {
      return true;
    }
    List<ContainerStatus> containers = status.getContainerStatuses();
    return !containers.isEmpty()
        && containers.stream()
            .allMatch(each -> each.getState() != null && each.getState().getTerminated() != null);
  }

  /** When the last container ended. */
  private static long endOf(PodStatus status, long now) {
    long last = 0;
    for (ContainerStatus container : status.getContainerStatuses()) {
      var state = container.getState();
      if (state != null && state.getTerminated() != null) {
        last = Math.max(last, millis(state.getTerminated().getFinishedAt(), 0));
      }
    }
    return last == 0 ? now : Math.min(last, now);
  }

  private List<Pod.Container> containers(ObjectMeta meta, PodStatus status, @Nullable Pod before) {
    List<Pod.Container> containers = new ArrayList<>();
    for (List<ContainerStatus> statuses :
        List.of(
            status.getContainerStatuses(),
            status.getInitContainerStatuses(),
            status.getEphemeralContainerStatuses())) {
      for (ContainerStatus each : statuses) {
        containers.add(
            new Pod.Container(
                each.getName(), runs(each, runsBefore(before, each)), attributes(meta, each)));
      }
    }
    return containers;
  }

  private static List<Pod.Run> runsBefore(@Nullable Pod before, ContainerStatus status) {
    return before == null
        ? List.of()
        : before.containers().stream()
            .filter(container -> container.name().equals(status.getName()))
            .findFirst()
            .map(Pod.Container::runs)
            .orElse(List.of());
  }

  private static List<Pod.Run> runs(ContainerStatus status, List<Pod.Run> before) {
    String id = withoutScheme(status.getContainerID());
    if (id.isEmpty() || before.stream().anyMatch(run -> run.id().equals(id))) {
      return before;
    }
    List<Pod.Run> runs = new ArrayList<>(before);
    runs.add(new Pod.Run(id, Objects.requireNonNullElse(status.getRestartCount(), 0)));
    return runs.size() <= KEPT_RUNS ? runs : runs.subList(runs.size() - KEPT_RUNS, runs.size());
  }

  private static String withoutScheme(@Nullable String containerId) {
    if (containerId == null) {
      return "";
    }
    int scheme = containerId.indexOf("://");
    return scheme < 0 ? containerId : containerId.substring(scheme + 3);
  }

  private Map<String, String> attributes(ObjectMeta meta, ContainerStatus status) {
    Map<String, String> attributes = new HashMap<>();
    put(attributes, Fields.CONTAINER_NAME, status.getName());
    put(attributes, Fields.CONTAINER_ID, withoutScheme(status.getContainerID()));
    String digest = ImageName.digest(status.getImageID());
    if (status.getImage() != null && !status.getImage().isEmpty()) {
      ImageName image = ImageName.parse(status.getImage());
      put(attributes, Fields.IMAGE_NAME, image.name());
      put(attributes, Fields.IMAGE_TAG, image.tag());
      String version = image.tag() == null && digest != null ? digest : image.tag();
      put(attributes, Fields.SERVICE_VERSION, version);
    }
    put(attributes, Fields.IMAGE_DIGESTS, digest);
    put(
        attributes,
        Fields.SERVICE_INSTANCE,
        meta.getNamespace() + "." + meta.getName() + "." + status.getName());
    return attributes;
  }

  /** Its owner, and behind a ReplicaSet the Deployment that its name tells of. */
  private static List<Pod.Owner> owners(ObjectMeta meta) {
    Pod.Owner owner = OwnerStore.controllerOf(meta);
    if (owner == null) {
      return List.of();
    }
    Pod.Owner deployment = deployment(meta, owner);
    return deployment == null ? List.of(owner) : List.of(owner, deployment);
  }

  private static Pod.@Nullable Owner deployment(ObjectMeta meta, Pod.Owner owner) {
    String hash = meta.getLabels() == null ? null : meta.getLabels().get(TEMPLATE_HASH_LABEL);
    if (hash == null || !owner.kind().equals(REPLICA_SET) || !owner.name().endsWith("-" + hash)) {
      return null;
    }
    String name = owner.name().substring(0, owner.name().length() - hash.length() - 1);
    return new Pod.Owner("Deployment", name, "");
  }

  /** Of a time as the API writes it. */
  static long millis(@Nullable String time, long otherwise) {
    if (time == null) {
      return otherwise;
    }
    try {
      return Instant.parse(time).toEpochMilli();
    } catch (DateTimeParseException _) {
      return otherwise;
    }
  }
}
