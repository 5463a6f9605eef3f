package dev.musa.processors.stages;

import static dev.musa.processors.Otlp.bodies;
import static dev.musa.processors.Otlp.log;
import static dev.musa.processors.Otlp.logs;
import static dev.musa.processors.Otlp.parseLogs;
import static dev.musa.processors.Otlp.resourceLogs;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.musa.processors.Otlp;
import dev.musa.processors.RecordedCounts;
import dev.musa.rules.Condition;
import dev.musa.rules.Drop;
import dev.musa.rules.Keep;
import dev.musa.rules.KeyExpression;
import dev.musa.rules.Limit;
import dev.musa.rules.Step;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.AnyValueView;
import dev.musa.schemas.wire.Slicer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepRunnerTest {
  private static final Condition ERRORS = at -> at.logRecord().severityNumber() >= 17;
  private static final KeyExpression SERVICE =
      (at, out) -> {
        AnyValueView service = new AnyValueView();
        if (at.resource().attributes().find("service.name".getBytes(UTF_8), service)) {
          out.append(service.text().toByteArray());
        } else {
          out.appendAbsent();
        }
      };

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final Limits limits = new Limits(metrics, 10);
  private final RecordedCounts counts = new RecordedCounts();
  private final UnitOfWork work = new UnitOfWork(counts);
  private final Slicer slicer = new Slicer(Signal.LOGS);

  @Test
  void run_noSteps_keepsAll() {
    assertThat(run(runner(), "a", 0, shop(log(9, "one", Map.of())))).containsExactly("one");
    assertThat(runner().isEmpty()).isTrue();
  }

  @Test
  void run_steps_inTheirOrderAndTheFirstThatDropsIsTheReason() {
    StepRunner runner =
        runner(
            new Keep("errors-in-shop", service("shop"), ERRORS),
            new Drop("no-noise", at -> bodyIs(at.logRecord().body(), "noise")));

    List<String> kept =
        run(
            runner,
            "a",
            0,
            logs(
                resourceLogs(
                    Map.of("service.name", "shop"),
                    log(9, "info", Map.of()),
                    log(17, "error", Map.of()),
                    log(9, "noise", Map.of()),
                    log(17, "noise", Map.of())),
                resourceLogs(Map.of("service.name", "other"), log(9, "elsewhere", Map.of()))));
    work.committed();

    assertThat(kept).containsExactly("error", "elsewhere");
    assertThat(counts.items())
        .containsOnly(
            entry("a logs dropped errors-in-shop", 2L), entry("a logs dropped no-noise", 1L));
  }

  @Test
  void run_limit_countsPerKeyAndTenantAndExempts() {
    StepRunner runner = runner(limit("some", 2, ERRORS));
    LogsData burst =
        logs(
            resourceLogs(Map.of("service.name", "x"), infos("x1", "x2", "x3")),
            resourceLogs(Map.of("service.name", "y"), infos("y1")),
            resourceLogs(
                Map.of("service.name", "x"), log(17, "error", Map.of()), log(9, "x4", Map.of())));

    assertThat(run(runner, "a", 0, burst)).containsExactly("x1", "x2", "y1", "error");
    assertThat(run(runner, "b", 0, burst)).containsExactly("x1", "x2", "y1", "error");
    assertThat(run(runner, "a", 60_000, shop("x", infos("x5", "x6")))).containsExactly("x5");
    work.committed();

    assertThat(counts.items())
        .containsOnly(entry("a logs limited some", 3L), entry("b logs limited some", 2L));
  }

  @Test
  void run_limitTakenOverByNewRules_keepsItsBuckets() {
    run(runner(limit("some", 2, Condition.NEVER)), "a", 0, shop("x", infos("1", "2")));

    assertThat(run(runner(limit("some", 2, Condition.NEVER)), "a", 0, shop("x", infos("3"))))
        .isEmpty();
    assertThat(run(runner(limit("some", 3, Condition.NEVER)), "a", 0, shop("x", infos("4"))))
        .containsExactly("4");
  }

  @Test
  void aborted_transaction_countsNothingAndGivesTokensBack() {
    StepRunner runner = runner(limit("some", 2, Condition.NEVER));
    LogsData three = shop("x", infos("1", "2", "3"));

    assertThat(run(runner, "a", 0, three)).containsExactly("1", "2");
    work.aborted();
    assertThat(run(runner, "a", 0, three)).containsExactly("1", "2");
    work.committed();

    assertThat(counts.items()).containsOnly(entry("a logs limited some", 1L));
  }

  @Test
  void limits_moreKeysThanAllowed_areCounted() {
    StepRunner runner = runner(limit("some", 2, Condition.NEVER));
    for (int i = 0; i < 15; i++) {
      run(runner, "a", 0, shop("service" + i, infos("1")));
    }

    assertThat(
            metrics
                .get("musa.limit.keys.forgotten")
                .tags("signal", "logs", "step", "some")
                .counter()
                .count())
        .isEqualTo(5);
  }

  private StepRunner runner(Step... steps) {
    return new StepRunner(Signal.LOGS, List.of(steps), limits);
  }

  private static Limit limit(String name, long burst, Condition exempt) {
    return new Limit(name, Condition.ALWAYS, SERVICE, 1, Duration.ofMinutes(1), burst, exempt);
  }

  private List<String> run(StepRunner runner, String tenant, long time, LogsData logs) {
    runner.begin(tenant, time, work);
    slicer.slice(
        logs.toByteArray(),
        1,
        at ->
            runner.run(
                        at,
                        (path, value) -> {
                          throw new AssertionError("nothing to edit");
                        })
                    == StepRunner.KEPT
                ? 0
                : Slicer.DROP);
    runner.end();
    return bodies(parseLogs(slicer.bytes(0)));
  }

  private static LogsData shop(LogRecord... records) {
    return shop("shop", records);
  }

  private static LogsData shop(String service, LogRecord... records) {
    return logs(resourceLogs(Map.of("service.name", service), records));
  }

  private static LogRecord[] infos(String... bodies) {
    return Arrays.stream(bodies).map(body -> Otlp.log(9, body, Map.of())).toArray(LogRecord[]::new);
  }

  private static Condition service(String name) {
    return at -> {
      AnyValueView value = new AnyValueView();
      return at.resource().attributes().find("service.name".getBytes(UTF_8), value)
          && bodyIs(value, name);
    };
  }

  private static boolean bodyIs(AnyValueView value, String text) {
    return value.text().contentEquals(text.getBytes(UTF_8));
  }
}
