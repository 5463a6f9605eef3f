package dev.musa.k8s;

import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.kafka.StaticMembers;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetOrdinals;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes those processors out of their consumer groups that their StatefulSet has no more, so that
 * the others have their partitions at once, and not when a session times out.
 *
 * <p>Only when the pod is gone, as one that ends commits first what it has done. Who is removed by
 * mistake joins again and has lost no more than time.
 */
public final class ScaleDown implements Service {
  private static final Logger log = LoggerFactory.getLogger(ScaleDown.class);

  /** A fraction of the shortest session, which is 10 s. */
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  /** The ordinal of a pod and the number of a thread in it. */
  private static final Pattern MEMBER = Pattern.compile("(0|[1-9][0-9]{0,3})-[0-9]+");

  private record Member(String group, String instanceId, int ordinal) {}

  private final String statefulSet;
  private final List<String> groups;
  private final Supplier<KubernetesClient> connect;
  private final Supplier<StaticMembers> open;
  private final Counter removals;
  private final ScheduledExecutorService schedule =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("scale-down").daemon().factory());
  private @Nullable KubernetesClient client;
  private @Nullable StaticMembers members;

  /** Removed, and not seen to have a pod since. */
  private final Set<Member> removed = new HashSet<>();

  /** Back without a pod: of processors elsewhere that happen to have such an id. */
  private final Set<Member> strangers = new HashSet<>();

  private volatile @Nullable String trouble;

  /**
   * @param config with a {@code processorsStatefulSet}
   * @param groups whose static members are pods of it, {@code ORDINAL-NUMBER}
   */
  public ScaleDown(
      KubernetesConfig config, KafkaConfig kafka, List<String> groups, MeterRegistry registry) {
    this(
        Objects.requireNonNull(config.processorsStatefulSet(), "processorsStatefulSet"),
        groups,
        () -> Clients.connect(config),
        () -> StaticMembers.connect(kafka, "musa-scale-down"),
        registry);
  }

  ScaleDown(
      String statefulSet,
      List<String> groups,
      Supplier<KubernetesClient> connect,
      Supplier<StaticMembers> open,
      MeterRegistry registry) {
    this.statefulSet = statefulSet;
    this.groups = List.copyOf(groups);
    this.connect = connect;
    this.open = open;
    this.removals =
        Counter.builder("musa.kubernetes.members.removed")
            .description("members of consumer groups removed because their pod is scaled away")
            .register(registry);
  }

  @Override
  public String name() {
    return "scale-down";
  }

  /** Does not wait for a first look: without it, sessions time out. */
  @Override
  public void start() {
    var _ =
        schedule.scheduleWithFixedDelay(this::look, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    schedule.shutdownNow();
    try {
      if (!schedule.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.atWarn().log("a look at the StatefulSet did not end in time");
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return;
    }
    disconnect();
  }

  /** Ready whatever the API does: it only saves time. */
  @Override
  public Health health() {
    String problem = trouble;
    return problem == null
        ? Health.ok()
        : Health.ok("members of StatefulSet " + statefulSet + " are not looked after: " + problem);
  }

  /** Looks once, and removes who is to be removed. */
  void look() {
    try {
      removeStale();
      trouble = null;
    } catch (RuntimeException e) {
      disconnect();
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      if (trouble == null) {
        log.atWarn().setCause(e).addKeyValue("statefulSet", statefulSet).log(reason(e));
      }
      trouble = reason(e);
    }
  }

  private void removeStale() {
    StaticMembers kafka = members == null ? open.get() : members;
    members = kafka;
    KubernetesClient api = client == null ? connect.get() : client;
    client = api;

    // The members first: who joins after this has nothing to fear from what is seen then.
    Set<Member> present = present(kafka);
    Set<Member> stale = stale(api, present);
    removed.retainAll(stale);
    strangers.retainAll(stale);

    Map<String, Set<String>> byGroup = new HashMap<>();
    for (Member member : stale) {
      if (removed.contains(member)) {
        leave(member);
      } else {
        byGroup.computeIfAbsent(member.group(), _ -> new HashSet<>()).add(member.instanceId());
      }
    }
    byGroup.forEach((group, instanceIds) -> {
      kafka.remove(group, instanceIds, "StatefulSet " + statefulSet + " was scaled down");
      removals.increment(instanceIds.size());
      log.atInfo()
          .addKeyValue("group", group)
          .addKeyValue("members", instanceIds)
          .log("members whose pods are scaled away are removed from their group");
    });
    removed.addAll(stale);
  }

  private Set<Member> present(StaticMembers kafka) {
    Set<Member> present = new HashSet<>();
    for (String group : groups) {
      for (String instanceId : kafka.of(group)) {
        Matcher matcher = MEMBER.matcher(instanceId);
        if (matcher.matches()) {
          present.add(new Member(group, instanceId, Integer.parseInt(matcher.group(1))));
        }
      }
    }
    return present;
  }

  /** Those of pods that the StatefulSet is not to have and has no more. */
  private Set<Member> stale(KubernetesClient api, Set<Member> present) {
    String namespace = api.getNamespace();
    StatefulSet found =
        api.apps().statefulSets().inNamespace(namespace).withName(statefulSet).get();
    if (found == null) {
      throw new IllegalStateException(
          "there is no such StatefulSet in namespace "
              + namespace
              + " (expected: the one of the processors in kubernetes.processorsStatefulSet)");
    }
    int end = end(found);
    Map<Integer, Boolean> isGone = new HashMap<>();
    Set<Member> stale = new HashSet<>();
    for (Member member : present) {
      if (member.ordinal() >= end
          && isGone.computeIfAbsent(
              member.ordinal(),
              ordinal ->
                  api.pods().inNamespace(namespace).withName(statefulSet + "-" + ordinal).get()
                      == null)) {
        stale.add(member);
      }
    }
    return stale;
  }

  /** The first ordinal beyond those that are to be. */
  private static int end(StatefulSet found) {
    Integer replicas = found.getSpec().getReplicas();
    StatefulSetOrdinals ordinals = found.getSpec().getOrdinals();
    Integer start = ordinals == null ? null : ordinals.getStart();
    return (replicas == null ? 1 : replicas) + (start == null ? 0 : start);
  }

  private void leave(Member member) {
    if (strangers.add(member)) {
      log.atWarn()
          .addKeyValue("group", member.group())
          .addKeyValue("member", member.instanceId())
          .log(
              "a member has come back without a pod, so it is left alone; processors outside of"
                  + " the StatefulSet should have a processors.instance that is no number");
    }
  }

  private static String reason(RuntimeException e) {
    if (e instanceof KubernetesClientException refused
        && refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
      return "the Kubernetes API refuses ("
          + refused.getMessage()
          + "): grant get on this StatefulSet and on pods";
    }
    return String.valueOf(e.getMessage() == null ? e : e.getMessage());
  }

  private void disconnect() {
    KubernetesClient api = client;
    client = null;
    if (api != null) {
      api.close();
    }
    StaticMembers kafka = members;
    members = null;
    if (kafka != null) {
      kafka.close();
    }
  }
}
