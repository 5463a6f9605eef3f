package dev.musa.k8s;

import dev.musa.k8s.KubernetesConfig.Extract;
import dev.musa.k8s.KubernetesConfig.Fields;
import dev.musa.k8s.KubernetesConfig.Source;
import dev.musa.schemas.metadata.Pod;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of all that is around the pods: for owners who owns them, and of everything the
 * chosen labels and annotations. For one thread.
 */
final class OwnerStore implements PodMapper.Surroundings {
  private static final Map<String, Source> SOURCES =
      Map.of(
          "Namespace", Source.NAMESPACE,
          "Node", Source.NODE,
          "Deployment", Source.DEPLOYMENT,
          "StatefulSet", Source.STATEFULSET,
          "DaemonSet", Source.DAEMONSET,
          "Job", Source.JOB);

  /** The namespace whose uid is that of the cluster. */
  private static final String SYSTEM_NAMESPACE = "kube-system";

  private final Tags tags;

  /** By uid. */
  private final Map<String, Thing> owners = new HashMap<>();

  /** By name. */
  private final Map<String, Thing> namespaces = new HashMap<>();

  private final Map<String, Thing> nodes = new HashMap<>();
  private @Nullable String clusterUid;

  private record Thing(String uid, Pod.@Nullable Owner owner, Map<String, String> attributes) {}

  OwnerStore(Extract extract) {
    this.tags = new Tags(extract);
  }

  /**
   * Takes over what the API shows of something that is no pod.
   *
   * @return the pods for which that is news; null if it is for none
   */
  @Nullable Predicate<Pod> seen(HasMetadata shown) {
    Thing thing = thing(shown);
    String name = shown.getMetadata().getName();
    return switch (shown.getKind()) {
      case "Namespace" -> {
        boolean first = SYSTEM_NAMESPACE.equals(name) && !thing.uid().equals(clusterUid);
        if (first) {
          clusterUid = thing.uid();
        }
        boolean news = !thing.equals(namespaces.put(name, thing));
        yield first ? _ -> true : news ? pod -> pod.namespace().equals(name) : null;
      }
      case "Node" -> thing.equals(nodes.put(name, thing)) ? null : pod -> pod.node().equals(name);
      default -> {
        boolean news = !thing.equals(owners.put(thing.uid(), thing));
        yield news ? pod -> isOwnedBy(pod, thing.uid()) : null;
      }
    };
  }

  /** Forgets what the API does not show any more; what is published of its pods stays. */
  void gone(HasMetadata was) {
    switch (was.getKind()) {
      case "Namespace" -> namespaces.remove(was.getMetadata().getName());
      case "Node" -> nodes.remove(was.getMetadata().getName());
      default -> owners.remove(was.getMetadata().getUid());
    }
  }

  @Override
  public Pod.@Nullable Owner ownerOf(Pod.Owner owner) {
    Thing thing = owners.get(owner.uid());
    return thing == null ? null : thing.owner();
  }

  @Override
  public Map<String, String> attributes(Pod pod) {
    Map<String, String> attributes = new HashMap<>();
    for (Pod.Owner owner : pod.owners()) {
      add(attributes, owners.get(owner.uid()));
    }
    add(attributes, namespaces.get(pod.namespace()));
    Thing host = nodes.get(pod.node());
    add(attributes, host);
    if (host != null) {
      attributes.put(Fields.NODE_UID, host.uid());
    }
    if (clusterUid != null) {
      attributes.put(Fields.CLUSTER_UID, clusterUid);
    }
    return attributes;
  }

  private boolean isOwnedBy(Pod pod, String uid) {
    for (Pod.Owner owner = pod.owners().isEmpty() ? null : pod.owners().getFirst();
        owner != null;
        owner = ownerOf(owner)) {
      if (owner.uid().equals(uid)) {
        return true;
      }
    }
    return false;
  }

  private static void add(Map<String, String> attributes, @Nullable Thing thing) {
    if (thing != null) {
      thing.attributes().forEach(attributes::putIfAbsent);
    }
  }

  private Thing thing(HasMetadata shown) {
    Map<String, String> attributes = new HashMap<>();
    Source source = SOURCES.get(shown.getKind());
    if (source != null) {
      tags.choose(source, shown.getMetadata(), attributes);
    }
    return new Thing(
        shown.getMetadata().getUid(), controllerOf(shown.getMetadata()), Map.copyOf(attributes));
  }

  /** What manages an object; null if nothing does. */
  static Pod.@Nullable Owner controllerOf(ObjectMeta meta) {
    for (OwnerReference reference : meta.getOwnerReferences()) {
      if (Boolean.TRUE.equals(reference.getController())) {
        return new Pod.Owner(reference.getKind(), reference.getName(), reference.getUid());
      }
    }
    return null;
  }
}
