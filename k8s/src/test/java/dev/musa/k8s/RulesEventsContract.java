package dev.musa.k8s;

import static dev.musa.k8s.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events that any API server takes. */
public abstract class RulesEventsContract {
  private static final String CONFIG_MAP = "musa-rules";
  private static final String PROBLEM = "rules.yaml:3:18: unknown key 'dorp'; expected: drop";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  /** On whole seconds, where a time is easily written with too few digits. */
  private Instant now = Instant.parse("2026-03-01T10:00:00Z");

  private KubernetesClient client;

  protected abstract TestCluster cluster();

  @BeforeEach
  void connect() {
    client = cluster().connect();
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Test
  void refusalAndItsEnd_standOnTheConfigMap() {
    String uid =
        client
            .configMaps()
            .resource(
                new ConfigMapBuilder().withNewMetadata().withName(CONFIG_MAP).endMetadata().build())
            .create()
            .getMetadata()
            .getUid();
    try (RulesEvents events = events(cluster()::connect)) {
      events.start();
      events.tell("3fa9", List.of(PROBLEM));
      await(() -> written().size() == 1);
      now = now.plusMillis(1);
      events.tell("b0c1", List.of());
      await(() -> written().size() == 2);
    }

    Event refused = written("RulesRefused");
    assertThat(refused.getType()).isEqualTo("Warning");
    assertThat(refused.getNote()).isEqualTo("rules 3fa9 stay: " + PROBLEM);
    assertThat(refused.getRegarding().getKind()).isEqualTo("ConfigMap");
    assertThat(refused.getRegarding().getName()).isEqualTo(CONFIG_MAP);
    assertThat(refused.getRegarding().getNamespace())
        .isEqualTo(refused.getMetadata().getNamespace());
    assertThat(refused.getRegarding().getUid()).isNotNull().isEqualTo(uid);
    assertThat(refused.getEventTime().getTime()).isEqualTo("2026-03-01T10:00:00.000000Z");
    assertThat(refused.getReportingController()).isEqualTo("musa.dev/control");
    assertThat(refused.getReportingInstance()).isEqualTo("musa-control-1");
    assertThat(refused.getAction()).isNotEmpty();

    Event published = written("RulesPublished");
    assertThat(published.getType()).isEqualTo("Normal");
    assertThat(published.getNote()).isEqualTo("rules b0c1 published");
    assertThat(registry.counter("musa.kubernetes.events.failed").count()).isZero();
  }

  @Test
  void noteAsLongAsMayBe_isTaken() {
    try (RulesEvents events = events(cluster()::connect)) {
      events.tell("3fa9", Collections.nCopies(100, PROBLEM + " größer"));
      await(() -> written().size() == 1);
    }
    assertThat(registry.counter("musa.kubernetes.events.failed").count()).isZero();
  }

  private RulesEvents events(Supplier<KubernetesClient> connect) {
    return new RulesEvents(CONFIG_MAP, connect, "musa-control-1", registry, () -> now);
  }

  private List<Event> written() {
    return client.events().v1().events().list().getItems().stream()
        .filter(event -> CONFIG_MAP.equals(event.getRegarding().getName()))
        .toList();
  }

  private Event written(String reason) {
    return written().stream()
        .filter(event -> event.getReason().equals(reason))
        .findFirst()
        .orElseThrow();
  }
}
