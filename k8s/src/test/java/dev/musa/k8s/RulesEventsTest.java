package dev.musa.k8s;

import static dev.musa.k8s.Await.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RulesEventsTest extends RulesEventsContract {
  private static final String CONFIG_MAP = "musa-rules";
  private static final String PROBLEM = "rules.yaml:3:18: unknown key 'dorp'; expected: drop";

  @RegisterExtension private final MockApi api = new MockApi();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private KubernetesClient client;

  @Override
  protected TestCluster cluster() {
    return api;
  }

  @BeforeEach
  void open() {
    client = api.connect();
  }

  @AfterEach
  void shut() {
    client.close();
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
    return new RulesEvents(CONFIG_MAP, connect, "musa-control-1", registry, InstantSource.system());
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
