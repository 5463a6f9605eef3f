package dev.musa.k8s;

import static dev.musa.k8s.MockApi.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RulesEventsTest {
  private static final String CONFIG_MAP = "musa-rules";
  private static final String PROBLEM = "rules.yaml:3:18: unknown key 'dorp'; expected: drop";

  @RegisterExtension private final MockApi api = new MockApi();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  /** On whole seconds, where a time is easily written with too few digits. */
  private Instant now = Instant.parse("2026-03-01T10:00:00Z");

  private KubernetesClient client;

  @BeforeEach
  void connect() {
    client = api.connect();
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
    try (RulesEvents events = events(api::connect)) {
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
  void configMapThatIsNotThere_isNamedAllTheSame() {
    try (RulesEvents events = events(api::connect)) {
      events.tell("none", List.of(PROBLEM));
      await(() -> written().size() == 1);
    }
    assertThat(written("RulesRefused").getRegarding().getName()).isEqualTo(CONFIG_MAP);
  }

  @Test
  void refusingApi_holdsNobodyUp_andIsCounted() {
    AtomicBoolean refuses = new AtomicBoolean(true);
    Supplier<KubernetesClient> connect =
        () -> {
          if (refuses.get()) {
            throw new KubernetesClientException("events is forbidden", 403, null);
          }
          return api.connect();
        };
    try (RulesEvents events = events(connect)) {
      events.tell("3fa9", List.of(PROBLEM));
      await(() -> registry.counter("musa.kubernetes.events.failed").count() == 1);
      await(() -> events.health().detail().contains("grant create on events in events.k8s.io"));
      assertThat(events.health().ready()).isTrue();

      refuses.set(false);
      events.tell("3fa9", List.of());
      await(() -> written().size() == 1);
      await(() -> events.health().detail().equals("ok"));
    }
  }

  @Test
  void afterTheEnd_nothingIsThrown() {
    RulesEvents events = events(api::connect);
    events.close();
    events.tell("3fa9", List.of(PROBLEM));
    assertThat(registry.counter("musa.kubernetes.events.failed").count()).isEqualTo(1);
  }

  @Test
  void note_holdsAsManyProblemsAsHaveRoom() {
    List<String> problems = Collections.nCopies(100, "rules.yaml:3:18: größer; expected: kleiner");
    String note = Note.refusal("3fa9", problems);
    long told = note.lines().filter(line -> line.endsWith("kleiner")).count();
    assertThat(note).endsWith("\n(and " + (100 - told) + " more)");
    assertThat(bytes(note)).isBetween(Note.MAX_BYTES - 80, Note.MAX_BYTES);
  }

  @Test
  void note_ofOneLongProblemIsCutBetweenCharacters() {
    for (int shift = 0; shift < 4; shift++) {
      String problem = "x".repeat(shift) + "😀".repeat(400);
      String note = Note.refusal("3fa9", List.of(problem, "another"));
      assertThat(note).contains("😀...").endsWith("\n(and 1 more)").doesNotContain("?");
      assertThat(bytes(note)).isBetween(Note.MAX_BYTES - 40, Note.MAX_BYTES);
    }
  }

  private RulesEvents events(Supplier<KubernetesClient> connect) {
    return new RulesEvents(CONFIG_MAP, connect, "musa-control-1", registry, () -> now);
  }

  private List<Event> written() {
    return client.events().v1().events().list().getItems();
  }

  private Event written(String reason) {
    return written().stream()
        .filter(event -> event.getReason().equals(reason))
        .findFirst()
        .orElseThrow();
  }

  private static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }
}
