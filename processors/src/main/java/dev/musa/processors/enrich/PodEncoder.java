package dev.musa.processors.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.processors.enrich.IndexedPod.Container;
import dev.musa.processors.enrich.IndexedPod.Encoding;
import dev.musa.processors.enrich.IndexedPod.Run;
import dev.musa.schemas.metadata.Pod;
import dev.musa.schemas.wire.EncodedAttribute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the attributes of pods. What many pods have in common, such as their namespace, is kept
 * once, until the last of them is gone. For one thread.
 */
final class PodEncoder {
  private static final String CONTAINER_ID = "container.id";
  private static final String IMAGE_DIGESTS = "container.image.repo_digests";
  private static final Set<String> IDENTITY = Set.of("k8s.cluster.name", "k8s.cluster.uid");

  /** Of one pod alone, so that there is nothing to share. */
  private static final Set<String> OWN =
      Set.of(
          "k8s.pod.uid",
          "k8s.pod.name",
          "k8s.pod.ip",
          "k8s.pod.hostname",
          "k8s.pod.start_time",
          "service.instance.id",
          CONTAINER_ID);

  /**
   * What is added must not make a record larger than Kafka takes: an annotation may be 256 KiB, and
   * whoever may write one could stop everything. Room enough is left by what the collector takes.
   */
  private static final int MOST_BYTES = 24 << 10;

  private static final int MOST_BYTES_OF_ONE = 4 << 10;

  /** At most what tags and lengths take around a key and a value. */
  private static final int FRAME_BYTES = 20;

  private final Runnable cut;

  /** For the pod that is being encoded. */
  private int room;

  private final Map<String, byte[]> names = new HashMap<>();
  private final Map<String, Map<String, Shared>> shared = new HashMap<>();

  /**
   * @param cut told of each attribute that is left out because it is too large
   */
  PodEncoder(Runnable cut) {
    this.cut = cut;
  }

  /** An attribute that several pods may have. */
  static final class Shared {
    private final String name;
    private final String value;
    private final EncodedAttribute attribute;
    private int uses;

    private Shared(String name, String value, EncodedAttribute attribute) {
      this.name = name;
      this.value = value;
      this.attribute = attribute;
    }
  }

  Encoding encode(Pod pod) {
    List<Shared> uses = new ArrayList<>();
    room = MOST_BYTES;
    List<EncodedAttribute> identity = new ArrayList<>();
    List<EncodedAttribute> attributes = new ArrayList<>();
    new TreeMap<>(pod.attributes())
        .forEach((name, value) -> {
          if (IDENTITY.contains(name)) {
            identity.add(encoded(name, value, uses));
          } else if (fits(name, value)) {
            attributes.add(encoded(name, value, uses));
          }
        });
    return new Encoding(
        identity.toArray(EncodedAttribute[]::new),
        attributes.toArray(EncodedAttribute[]::new),
        pod.containers().stream()
            .map(container -> container(container, pod.attributes(), uses))
            .toArray(Container[]::new),
        uses.toArray(Shared[]::new));
  }

  void release(Shared[] gone) {
    for (Shared each : gone) {
      if (--each.uses == 0) {
        Map<String, Shared> ofName = shared.get(each.name);
        if (ofName != null) {
          ofName.remove(each.value);
        }
      }
    }
  }

  private boolean fits(String name, String value) {
    int bytes = utf8Length(name) + utf8Length(value) + FRAME_BYTES;
    if (bytes > MOST_BYTES_OF_ONE || bytes > room) {
      cut.run();
      return false;
    }
    room -= bytes;
    return true;
  }

  private static int utf8Length(String text) {
    return text.getBytes(UTF_8).length;
  }

  private Container container(
      Pod.Container container, Map<String, String> ofPod, List<Shared> uses) {
    List<EncodedAttribute> attributes = new ArrayList<>();
    new TreeMap<>(container.attributes())
        .forEach((name, value) -> {
          if (!name.equals(CONTAINER_ID) && !ofPod.containsKey(name) && fits(name, value)) {
            attributes.add(encoded(name, value, uses));
          }
        });
    boolean tellsId = container.attributes().containsKey(CONTAINER_ID);
    return new Container(
        container.name().getBytes(UTF_8),
        attributes.toArray(EncodedAttribute[]::new),
        container.runs().stream().map(run -> run(run, tellsId)).toArray(Run[]::new));
  }

  private Run run(Pod.Run run, boolean tellsId) {
    @Nullable EncodedAttribute id =
        tellsId ? EncodedAttribute.text(name(CONTAINER_ID), run.id()) : null;
    return new Run(run.id().getBytes(UTF_8), run.restartCount(), id);
  }

  private EncodedAttribute encoded(String name, String value, List<Shared> uses) {
    if (OWN.contains(name)) {
      return fresh(name, value);
    }
    Shared one =
        shared
            .computeIfAbsent(name, _ -> new HashMap<>())
            .computeIfAbsent(value, _ -> new Shared(name, value, fresh(name, value)));
    one.uses++;
    uses.add(one);
    return one.attribute;
  }

  private EncodedAttribute fresh(String name, String value) {
    return name.equals(IMAGE_DIGESTS)
        ? EncodedAttribute.list(name(name), value)
        : EncodedAttribute.text(name(name), value);
  }

  private byte[] name(String name) {
    return names.computeIfAbsent(name, each -> each.getBytes(UTF_8));
  }
}
