package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.musa.k8s.PublishedPods;
import dev.musa.processors.enrich.EnrichConfig;
import dev.musa.processors.enrich.Enricher;
import dev.musa.processors.enrich.PodIndex;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.kafka.TopicFollower;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Topics;
import dev.musa.schemas.wire.ResourceSplicer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ten thousand pods come and go, in a time of its own: addresses are used again within seconds,
 * StatefulSets restart on the same address, some pods are on their node's network, some live two
 * seconds, and for a while nobody watches. What the API shows comes late to the watcher, and what
 * that publishes comes late to the processors.
 */
class PodChurnIT {
  private static final int PODS = 10_000;
  private static final String CLUSTER = "east";
  private static final long BEGIN = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli();
  private static final long LENGTH = 20 * 60_000L;

  /** Nobody watches between these. */
  private static final long BLIND_FROM = BEGIN + 400_000;

  private static final long BLIND_TO = BLIND_FROM + 60_000;

  /** How long the API takes to show, and Kafka to hand over. */
  private static final int LAG = 500;

  private static final int HANDED_OVER = 100;
  private static final int ADDRESSES = 1_500;
  private static final int NODES = 40;
  private static final long AGAIN = 2_000;
  private static final long LONGEST_WAIT = 10_000;

  /** Of an address where no pod has been yet, the sender may be anybody. */
  private static final String STRANGER = "stranger";

  private static final Set<String> REASONS =
      Set.of("unknown", "ambiguous", "host network", STRANGER);

  private enum Told {
    UID,
    CONTAINER,
    NAME,
    ADDRESS,
    CONNECTION
  }

  private record Step(long at, long order, Runnable what) {}

  private Random random = new Random(0);
  private final PriorityQueue<Step> steps =
      new PriorityQueue<>(
          (a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
  private long order;
  private long now = BEGIN;

  private final PodIndex index =
      new PodIndex(
          EnrichConfig.defaults(),
          KafkaConfig.defaults(),
          new Topics(Topics.DEFAULT_PREFIX),
          new SimpleMeterRegistry(),
          () -> Instant.ofEpochMilli(now));
  private final TopicFollower.Reader reader = index.reader();
  private final Enricher enricher = new Enricher(index, () -> Instant.ofEpochMilli(now));
  private final ResourceSplicer splicer = new ResourceSplicer(enricher);
  private final PublishedPods published = new PublishedPods(CLUSTER, this::publish);
  private long offset;

  /** What the API has. */
  private final Map<String, Pod> api = new LinkedHashMap<>();

  private final Deque<String> free = new ArrayDeque<>();
  private boolean watched = true;
  private long lastSeen;
  private long lastShown;

  /** What happened to each pod, by uid, for those who look for a mistake. */
  private final Map<String, List<String>> history = new HashMap<>();

  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final Map<Told, int[]> joined = new HashMap<>();
  private int joinedAfterwards;
  private int afterwards;

  @ParameterizedTest
  @ValueSource(longs = {1, 4})
  void everyRecordIsJoinedToThePodThatSentIt_orToNone(long seed) {
    random = new Random(seed);
    reader.begin();
    for (int i = 0; i < ADDRESSES; i++) {
      free.add("10.0.%d.%d".formatted(i / 250, i % 250 + 1));
    }
    for (int i = 0; i < PODS; i++) {
      int number = i;
      at(BEGIN + (long) (random.nextDouble() * LENGTH), () -> begin(number));
    }
    for (long time = BEGIN; time < BEGIN + LENGTH + 60_000; time += 500) {
      at(time, this::beat);
    }
    at(BLIND_FROM, () -> watched = false);
    at(BLIND_TO, this::watchAgain);
    while (!steps.isEmpty()) {
      Step step = steps.remove();
      now = step.at;
      step.what.run();
    }

    System.out.printf("%s, joined by what told the pod: %s%n", outcomes, shares());
    assertThat(outcomes.keySet()).contains("joined").isSubsetOf(withJoined());
    assertThat(outcomes).containsKeys("unknown", "ambiguous", "host network");
    // Whose uid or container the sender says is found, but for pods that nobody has seen in time.
    assertThat(share(Told.UID)).isGreaterThan(0.95);
    assertThat(share(Told.CONTAINER)).isGreaterThan(0.95);
    assertThat(share(Told.ADDRESS)).isGreaterThan(0.6);
    assertThat(share(Told.CONNECTION)).isGreaterThan(0.6);
    assertThat(share(Told.NAME)).isGreaterThan(0.8);
    assertThat(outcomes.getOrDefault(STRANGER, 0)).isLessThan(200);
    assertThat(afterwards).isPositive();
    assertThat(joinedAfterwards).isEqualTo(afterwards);
  }

  private static Set<String> withJoined() {
    Set<String> all = new TreeSet<>(REASONS);
    all.add("joined");
    return all;
  }

  private void at(long time, Runnable what) {
    steps.add(new Step(time, order++, what));
  }

  private long about(long millis) {
    return millis / 2 + random.nextInt((int) millis);
  }

  /** A pod is made; it runs a little later. */
  private void begin(int number) {
    String uid = "uid-" + number;
    int kind = random.nextInt(20);
    boolean hostNetwork = kind == 0;
    boolean isJob = kind == 1;
    String name = kind <= 3 && kind > 1 ? "db-" + number : "pod-" + number;
    String address = hostNetwork ? "192.168.0." + (number % NODES + 1) : free.poll();
    if (address == null) {
      // The network has no address left: it is tried again.
      at(now + about(1_000), () -> begin(number));
      return;
    }
    live(new Life(uid, name, address, hostNetwork, isJob ? 2_000 : about(60_000)), kind == 2);
  }

  private record Life(String uid, String name, String address, boolean hostNetwork, long length) {}

  private void live(Life life, boolean again) {
    long start = now + about(1_000);
    show(pod(life, now, 0, 0));
    at(
        start,
        () -> {
          show(pod(life, 0, start, 0));
          long end = start + life.length;
          for (int i = 0; i < 8; i++) {
            long sent = start + 200 + (long) (random.nextDouble() * (life.length - 200));
            at(sent, () -> send(life));
          }
          at(end, () -> end(life, start, end, again));
        });
  }

  private void end(Life life, long start, long end, boolean again) {
    show(pod(life, 0, start, end));
    long gone = end + about(800);
    at(
        gone,
        () -> {
          api.remove(life.uid);
          later(() -> published.gone(life.uid, now));
          if (again) {
            // A StatefulSet: the same name, and as it happens the same address.
            Life next =
                new Life(life.uid + "-again", life.name, life.address, false, about(30_000));
            at(Math.max(now + 100, end + 1_200), () -> live(next, false));
          } else if (!life.hostNetwork) {
            at(Math.max(now, end + 1_200), () -> free.addFirst(life.address));
          }
        });
  }

  private static Pod pod(Life life, long created, long start, long end) {
    PodBuilder pod =
        new PodBuilder()
            .withNewMetadata()
            .withUid(life.uid)
            .withName(life.name)
            .withNamespace("shop")
            .withCreationTimestamp(seconds(created == 0 ? start - 1_500 : created))
            .endMetadata()
            .withNewSpec()
            .withHostNetwork(life.hostNetwork)
            .endSpec()
            .withNewStatus()
            .withPhase(start == 0 ? "Pending" : end == 0 ? "Running" : "Succeeded")
            .endStatus();
    if (start == 0) {
      return pod.build();
    }
    var status =
        pod.editStatus()
            .withPodIP(life.address)
            .addNewContainerStatus()
            .withName("app")
            .withContainerID("containerd://c-" + life.uid)
            .withRestartCount(0)
            .withImage("shop/app:1")
            .withNewState();
    return end == 0
        ? status
            .withNewRunning()
            .withStartedAt(seconds(start))
            .endRunning()
            .endState()
            .endContainerStatus()
            .endStatus()
            .build()
        : status
            .withNewTerminated()
            .withStartedAt(seconds(start))
            .withFinishedAt(seconds(end))
            .endTerminated()
            .endState()
            .endContainerStatus()
            .endStatus()
            .build();
  }

  /** The API has no fractions of a second. */
  private static String seconds(long unixMilli) {
    return Instant.ofEpochMilli(unixMilli).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private void show(Pod pod) {
    history
        .computeIfAbsent(pod.getMetadata().getUid(), _ -> new ArrayList<>())
        .add((now - BLIND_FROM) + " " + pod.getStatus().getPhase());
    api.put(pod.getMetadata().getUid(), pod);
    later(() -> published.seen(pod, now));
  }

  /** Comes to the watcher in order, if there is one then. */
  private void later(Runnable what) {
    lastShown = Math.max(lastShown, now + random.nextInt(LAG));
    at(
        lastShown,
        () -> {
          if (watched) {
            what.run();
          }
        });
  }

  private void beat() {
    if (watched) {
      lastSeen = now;
      published.seenTo(now);
    }
  }

  private void watchAgain() {
    watched = true;
    published.startAgain(new ArrayList<>(api.values()), lastSeen, now);
    // Those that are still there are joined from now on.
    afterwards = 0;
    for (Pod pod : List.copyOf(api.values())) {
      if ("Running".equals(pod.getStatus().getPhase())) {
        String uid = pod.getMetadata().getUid();
        at(
            now + HANDED_OVER,
            () -> {
              afterwards++;
              String result = join(Map.of("k8s.pod.uid", uid), null, now, false);
              joinedAfterwards += uid.equals(result) ? 1 : 0;
            });
      }
    }
  }

  private void publish(byte[] key, byte @Nullable [] value) {
    long at = now + HANDED_OVER;
    at(
        at,
        () -> {
          reader.accept(new ConsumerRecord<>("metadata", 0, offset++, key, value));
          reader.upToDate();
        });
  }

  private void send(Life life) {
    Told told = Told.values()[random.nextInt(Told.values().length)];
    Map<String, String> resource =
        switch (told) {
          case UID -> Map.of("k8s.pod.uid", life.uid);
          case CONTAINER -> Map.of("container.id", "c-" + life.uid);
          case NAME -> Map.of("k8s.pod.name", life.name, "k8s.namespace.name", "shop");
          case ADDRESS -> Map.of("k8s.pod.ip", life.address);
          case CONNECTION -> Map.of("host.name", "x");
        };
    @Nullable String peer = told == Told.CONNECTION ? life.address : null;
    long received = now + random.nextInt(50);
    at(received + 50 + random.nextInt(200), () -> process(life, told, resource, peer, received));
  }

  private void process(
      Life life, Told told, Map<String, String> resource, @Nullable String peer, long received) {
    String result = join(resource, peer, received, true);
    if (result.equals("waits")) {
      assertThat(now).isLessThan(received + LONGEST_WAIT);
      at(now + AGAIN, () -> process(life, told, resource, peer, received));
      return;
    }
    boolean isJoined = !REASONS.contains(result);
    if (isJoined) {
      assertThat(result)
          .as(
              "the pod of %s, told by %s, %d ms after the watch had ended; of %s: %s",
              life, told, received - BLIND_FROM, result, history.getOrDefault(result, List.of()))
          .isEqualTo(life.uid);
    }
    outcomes.merge(isJoined ? "joined" : result, 1, Integer::sum);
    if (!life.hostNetwork) {
      int[] counts = joined.computeIfAbsent(told, _ -> new int[2]);
      counts[isJoined ? 0 : 1]++;
    }
  }

  /** The uid of the pod, or why there is none, or "waits". */
  private String join(
      Map<String, String> resource, @Nullable String peer, long received, boolean mayWait) {
    RecordHeaders headers = new RecordHeaders("acme", CLUSTER, 1, received, peer, null);
    if (!(mayWait ? enricher.begin(headers, received) : enricher.begin(headers))) {
      return "unknown";
    }
    byte[] spliced = splicer.splice(request(resource));
    if (enricher.isWaiting()) {
      return "waits";
    }
    Map<String, String> attributes = attributes(spliced);
    if (!enricher.reason().isEmpty()) {
      assertThat(attributes).doesNotContainKey("service.namespace");
      return enricher.reason();
    }
    if (peer != null && !attributes.containsKey("k8s.pod.uid")) {
      return STRANGER;
    }
    // What no sender has said, so that it is of the pod that was found.
    assertThat(attributes).containsKey("service.namespace");
    return attributes.getOrDefault("k8s.pod.uid", "none");
  }

  private static byte[] request(Map<String, String> attributes) {
    Resource.Builder resource = Resource.newBuilder();
    attributes.forEach((key, value) ->
        resource.addAttributes(
            KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))));
    return LogsData.newBuilder()
        .addResourceLogs(ResourceLogs.newBuilder().setResource(resource))
        .build()
        .toByteArray();
  }

  private static Map<String, String> attributes(byte[] request) {
    try {
      Map<String, String> attributes = new HashMap<>();
      LogsData.parseFrom(request)
          .getResourceLogs(0)
          .getResource()
          .getAttributesList()
          .forEach(each -> attributes.put(each.getKey(), each.getValue().getStringValue()));
      return attributes;
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private double share(Told told) {
    int[] counts = joined.getOrDefault(told, new int[2]);
    return (double) counts[0] / Math.max(1, counts[0] + counts[1]);
  }

  private Map<Told, String> shares() {
    Map<Told, String> shares = new TreeMap<>();
    for (Told told : Told.values()) {
      shares.put(told, "%.1f %%".formatted(share(told) * 100));
    }
    return shares;
  }
}
