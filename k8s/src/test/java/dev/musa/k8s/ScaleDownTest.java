package dev.musa.k8s;

import static dev.musa.k8s.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.kafka.StaticMembers;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ScaleDownTest {
  private static final String NAME = "musa-processors";
  private static final String TRACES = "musa-traces";
  private static final String STREAMS = "musa-processors";

  @RegisterExtension private final MockApi api = new MockApi();
  private final FakeMembers kafka = new FakeMembers();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private KubernetesClient client;
  private ScaleDown scaleDown;

  @BeforeEach
  void begin() {
    client = api.connect();
    scaleDown = new ScaleDown(NAME, List.of(TRACES, STREAMS), api::connect, () -> kafka, registry);
  }

  @AfterEach
  void end() {
    scaleDown.close();
    client.close();
  }

  @Test
  void membersAboveReplicas_areRemovedOnceTheirPodIsGone() {
    scaleTo(3);
    for (int ordinal = 0; ordinal < 3; ordinal++) {
      createPod(ordinal);
    }
    kafka.join(TRACES, "0-0", "0-1", "1-0", "1-1", "2-0", "2-1");
    kafka.join(STREAMS, "0-1", "1-1", "2-1");
    scaleDown.look();
    assertThat(kafka.removals).isEmpty();

    scaleTo(1);
    scaleDown.look();
    assertThat(kafka.removals).as("while their pods end").isEmpty();

    deletePod(2);
    scaleDown.look();
    assertThat(kafka.of(TRACES)).containsExactlyInAnyOrder("0-0", "0-1", "1-0", "1-1");
    assertThat(kafka.of(STREAMS)).containsExactlyInAnyOrder("0-1", "1-1");

    deletePod(1);
    scaleDown.look();
    scaleDown.look();
    assertThat(kafka.of(TRACES)).containsExactlyInAnyOrder("0-0", "0-1");
    assertThat(kafka.of(STREAMS)).containsExactly("0-1");
    assertThat(kafka.removals)
        .containsExactlyInAnyOrder(
            TRACES + " [2-0, 2-1]", STREAMS + " [2-1]", TRACES + " [1-0, 1-1]", STREAMS + " [1-1]");
    assertThat(registry.counter("musa.kubernetes.members.removed").count()).isEqualTo(6);
  }

  @Test
  void podThatIsMissingBelowReplicas_keepsItsPlace() {
    scaleTo(2);
    kafka.join(TRACES, "0-0", "1-0");
    scaleDown.look();
    assertThat(kafka.removals).isEmpty();
  }

  @Test
  void firstOrdinal_counts() {
    scaleTo(2);
    client
        .apps()
        .statefulSets()
        .withName(NAME)
        .edit(set ->
            new StatefulSetBuilder(set)
                .editSpec()
                .withNewOrdinals()
                .withStart(5)
                .endOrdinals()
                .endSpec()
                .build());
    kafka.join(TRACES, "5-0", "6-0", "7-0");
    scaleDown.look();
    assertThat(kafka.removals).containsExactly(TRACES + " [7-0]");
  }

  @Test
  void membersWithOtherIds_areLeftAlone() {
    scaleTo(1);
    kafka.join(
        TRACES, "local-0", "550e8400-e29b-41d4-a716-446655440000-0", "edge-7-0", "07-0", "12345-0");
    scaleDown.look();
    assertThat(kafka.removals).isEmpty();
  }

  @Test
  void memberThatIsBackWithoutAPod_isLeftAlone_untilItHasHadOne() {
    scaleTo(1);
    kafka.join(TRACES, "7-0");
    scaleDown.look();
    assertThat(kafka.removals).hasSize(1);
    kafka.join(TRACES, "7-0");
    scaleDown.look();
    scaleDown.look();
    assertThat(kafka.removals).as("of processors elsewhere").hasSize(1);

    scaleTo(8);
    createPod(7);
    scaleDown.look();
    scaleTo(1);
    deletePod(7);
    scaleDown.look();
    assertThat(kafka.removals).hasSize(2);
  }

  @Test
  void memberThatWasGoneMeanwhile_isNoStranger() {
    scaleTo(1);
    kafka.join(TRACES, "7-0");
    scaleDown.look();
    scaleDown.look();
    kafka.join(TRACES, "7-0");
    scaleDown.look();
    assertThat(kafka.removals).hasSize(2);
  }

  @Test
  void missingStatefulSet_removesNobodyAndIsNamed() {
    kafka.join(TRACES, "7-0");
    scaleDown.look();
    assertThat(kafka.removals).isEmpty();
    assertThat(scaleDown.health().ready()).isTrue();
    assertThat(scaleDown.health().detail())
        .contains(NAME, "no such StatefulSet", "kubernetes.processorsStatefulSet");
  }

  @Test
  void kafkaThatDoesNotAnswer_isAskedAgain() {
    scaleTo(1);
    kafka.join(TRACES, "1-0");
    kafka.failures.add(new TimeoutException("no answer"));
    scaleDown.look();
    assertThat(scaleDown.health().detail()).contains("no answer");
    scaleDown.look();
    assertThat(kafka.removals).containsExactly(TRACES + " [1-0]");
    assertThat(scaleDown.health().detail()).isEqualTo("ok");
  }

  @Test
  void started_itLooksByItself() {
    scaleTo(1);
    kafka.join(TRACES, "1-0");
    scaleDown.start();
    await(() -> kafka.of(TRACES).isEmpty());
  }

  private void scaleTo(int replicas) {
    StatefulSet set =
        new StatefulSetBuilder()
            .withNewMetadata()
            .withName(NAME)
            .endMetadata()
            .withNewSpec()
            .withReplicas(replicas)
            .endSpec()
            .build();
    var there = client.apps().statefulSets().resource(set);
    if (there.get() == null) {
      there.create();
    } else {
      there.update();
    }
  }

  private void createPod(int ordinal) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(NAME + "-" + ordinal)
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();
    client.pods().resource(pod).create();
  }

  private void deletePod(int ordinal) {
    client.pods().withName(NAME + "-" + ordinal).withGracePeriod(0).delete();
  }

  /** Groups in memory. */
  private static final class FakeMembers implements StaticMembers {
    private final Map<String, Set<String>> groups = new ConcurrentHashMap<>();
    private final List<String> removals = new ArrayList<>();
    private final List<RuntimeException> failures = new ArrayList<>();

    void join(String group, String... instanceIds) {
      groups.computeIfAbsent(group, _ -> ConcurrentHashMap.newKeySet()).addAll(Set.of(instanceIds));
    }

    @Override
    public Set<String> of(String group) {
      if (!failures.isEmpty()) {
        throw failures.removeFirst();
      }
      return Set.copyOf(groups.getOrDefault(group, Set.of()));
    }

    @Override
    public void remove(String group, Set<String> instanceIds, String reason) {
      assertThat(reason).contains(NAME);
      removals.add(group + " " + new TreeSet<>(instanceIds));
      groups.get(group).removeAll(instanceIds);
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
