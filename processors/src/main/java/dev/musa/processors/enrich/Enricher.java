package dev.musa.processors.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.processors.enrich.IndexedPod.Container;
import dev.musa.processors.enrich.IndexedPod.Run;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.wire.AnyValueView;
import dev.musa.schemas.wire.AttributeEditor;
import dev.musa.schemas.wire.Attributes;
import dev.musa.schemas.wire.EncodedAttribute;
import dev.musa.schemas.wire.ResourceExtension;
import dev.musa.schemas.wire.ResourceView;
import dev.musa.schemas.wire.Text;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds to resources what Kubernetes knows of the pod that sent them. What a sender has said stays,
 * but for the name and the uid of its cluster: those are not the sender's to say, and what it said
 * is kept under {@code musa.sent.} in front of the name.
 *
 * <p>For one thread. Per Kafka record: {@link #begin}, then it is asked for each resource.
 */
public final class Enricher implements ResourceExtension {
  private static final String SENT = "musa.sent.";

  /** Spreads small numbers over all bits. */
  private static final long ODD = 0x9e3779b97f4a7c15L;

  private static final byte[] CONTAINER_ID = "container.id".getBytes(UTF_8);
  private static final byte[] CONTAINER_NAME = "k8s.container.name".getBytes(UTF_8);
  private static final byte[] RESTART_COUNT = "k8s.container.restart_count".getBytes(UTF_8);

  private final PodIndex index;
  private final List<PodRule> rules;
  private final long waitMillis;
  private final InstantSource clock;
  private final Bytes key = new Bytes();
  private final AnyValueView value = new AnyValueView();
  private final AnyValueView sentValue = new AnyValueView();
  private final PodTable.Found found = new PodTable.Found();

  private JoinCache cache = new JoinCache();
  private @Nullable PodTable table;
  private @Nullable String peer;
  private byte @Nullable [] peerKey;
  private long unixMilli;
  private boolean mayWait;
  private boolean waits;
  private boolean allKnown = true;
  private Match match = Match.NONE;

  /** The map that was looked into last. */
  private int map;

  public Enricher(PodIndex index, InstantSource clock) {
    this.index = index;
    this.rules = index.rules();
    this.waitMillis = index.config().waitForMetadata().toMillis();
    this.clock = clock;
  }

  /**
   * Starts a Kafka record of which nothing is held back.
   *
   * @return false if there is nothing to add to any resource of it
   */
  public boolean begin(RecordHeaders headers) {
    start(headers);
    mayWait = false;
    return table != null;
  }

  /**
   * Starts a Kafka record whose resources may be held back for a time if their pod is not known.
   *
   * @param appendedUnixMilli when it came to Kafka, where one clock tells the time
   * @return false if there is nothing to add to any resource of it
   */
  public boolean begin(RecordHeaders headers, long appendedUnixMilli) {
    start(headers);
    mayWait = waitMillis > 0 && clock.millis() < appendedUnixMilli + waitMillis;
    return table != null;
  }

  private void start(RecordHeaders headers) {
    cache = index.cache();
    table = index.of(headers.cluster());
    unixMilli = headers.intakeTimeUnixMilli();
    String address = headers.peer();
    if (address == null) {
      peer = null;
      peerKey = null;
    } else if (!address.equals(peer)) {
      peer = address;
      peerKey = Ip.canonical(address).getBytes(UTF_8);
    }
    waits = false;
    allKnown = true;
    match = Match.NONE;
  }

  /** Starts a Kafka record whose headers cannot be read: nothing is added to it. */
  public void beginUnknown() {
    table = null;
    waits = false;
    allKnown = true;
    match = Match.NONE;
  }

  /** Whether no cluster is known, so that {@link #begin} need not be called. */
  public boolean isIdle() {
    return index.isEmpty();
  }

  /** Whether the resource that was looked at last is to be held back. */
  public boolean isWaiting() {
    return waits;
  }

  /** Whether each resource of this record that names a pod has been joined to it. */
  public boolean allKnown() {
    return allKnown;
  }

  /** Why the resource that was looked at last has no pod; empty if it has one, or names none. */
  public String reason() {
    return match.reason();
  }

  @Override
  public void extend(ResourceView sent, AttributeEditor into) {
    waits = false;
    PodTable pods = table;
    if (pods == null) {
      match = Match.NONE;
      return;
    }
    long hash = sent.contentHash();
    if (cache.extend(pods, sent, hash, into)) {
      match = Match.FOUND;
      return;
    }
    Attributes attributes = sent.attributes();
    match = find(pods, attributes);
    allKnown &= match.reason().isEmpty();
    if (match == Match.UNKNOWN && mayWait && !isHopeless(pods)) {
      waits = true;
      return;
    }
    long sketch = attributes.sketch();
    IndexedPod pod = found.pod;
    if (match == Match.FOUND && pod != null) {
      identify(pod.encoding.identity, attributes, sketch, into);
      add(pod.encoding.attributes, attributes, sketch, into);
      addContainer(pod, attributes, sketch, into);
      if (found.forAllTimes) {
        cache.put(pods, pod, sent, hash, into);
      }
    } else {
      identify(pods.identity(), attributes, sketch, into);
    }
  }

  private Match find(PodTable pods, Attributes attributes) {
    for (PodRule rule : rules) {
      if (rule.fill(key, attributes, peerKey, value)) {
        map = rule.map();
        Match result = pods.find(map, rule.isByAddress(), key, unixMilli, found);
        return result == Match.UNKNOWN && rule.isByConnection() && !isFromPodRange(pods)
            ? Match.NONE
            : result;
      }
    }
    return Match.NONE;
  }

  /** Whether what was looked for last has been missing for longer than anything waits. */
  private boolean isHopeless(PodTable pods) {
    return !pods.has(map, key)
        && index
            .unknownKeys()
            .isHopeless(
                key.fingerprint() + (pods.id() << 8 | map) * ODD,
                unixMilli,
                pods.seenTo(),
                waitMillis);
  }

  private boolean isFromPodRange(PodTable pods) {
    byte[] address = peerKey;
    return address != null && pods.isPodRange(new String(address, UTF_8));
  }

  private static void add(
      EncodedAttribute[] given, Attributes sent, long sketch, AttributeEditor into) {
    for (EncodedAttribute attribute : given) {
      if (attribute.isMissingIn(sent, sketch)) {
        into.add(attribute);
      }
    }
  }

  private void identify(
      EncodedAttribute[] identity, Attributes sent, long sketch, AttributeEditor into) {
    for (EncodedAttribute attribute : identity) {
      if (attribute.isMissingIn(sent, sketch)) {
        into.add(attribute);
      } else if (sent.find(attribute.key(), sentValue)) {
        boolean isSame = attribute.hasText(sentValue.text());
        if (!isSame) {
          byte[] sentKey = (SENT + new String(attribute.key(), UTF_8)).getBytes(UTF_8);
          into.remove(sentKey);
          into.add(EncodedAttribute.copy(sentKey, sentValue));
        }
        if (!isSame || sent.isRepeated(attribute.key())) {
          into.remove(attribute.key());
          into.add(attribute);
        }
      }
    }
  }

  private void addContainer(IndexedPod pod, Attributes sent, long sketch, AttributeEditor into) {
    Container container = container(pod, sent);
    if (container == null) {
      return;
    }
    add(container.attributes, sent, sketch, into);
    EncodedAttribute id = id(container, sent);
    if (id != null && id.isMissingIn(sent, sketch)) {
      into.add(id);
    }
  }

  /** By its id, by its name, or as the only one. */
  private @Nullable Container container(IndexedPod pod, Attributes sent) {
    if (sent.find(CONTAINER_ID, value)) {
      Text id = value.text();
      return pod.withId(id.buffer(), id.start(), id.start() + id.length());
    }
    if (sent.find(CONTAINER_NAME, value)) {
      Text name = value.text();
      return pod.named(name.buffer(), name.start(), name.start() + name.length());
    }
    return pod.encoding.containers.length == 1 ? pod.encoding.containers[0] : null;
  }

  /** Of the run that the sender names, else of the newest. */
  private @Nullable EncodedAttribute id(Container container, Attributes sent) {
    if (sent.find(RESTART_COUNT, value)) {
      for (Run run : container.runs) {
        if (isNumber(run.restartCount, value)) {
          return run.attribute;
        }
      }
      return null;
    }
    return container.newestId();
  }

  /** Also as text, which is all that an environment variable can say. */
  private static boolean isNumber(int number, AnyValueView value) {
    return value.type() == AnyValueView.Type.STRING
        ? value.text().toString().equals(Integer.toString(number))
        : value.type() == AnyValueView.Type.INT && value.longValue() == number;
  }
}
