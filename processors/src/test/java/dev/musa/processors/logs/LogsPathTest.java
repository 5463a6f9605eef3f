package dev.musa.processors.logs;

import static dev.musa.processors.Otlp.attributes;
import static dev.musa.processors.Otlp.bodies;
import static dev.musa.processors.Otlp.log;
import static dev.musa.processors.Otlp.logs;
import static dev.musa.processors.Otlp.parseLogs;
import static dev.musa.processors.Otlp.resourceLogs;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.musa.processors.PathDriver;
import dev.musa.rules.RuleSet;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsPathTest {
  private static final int DEBUG = 5;
  private static final int INFO = 9;
  private static final int WARN = 13;
  private static final int ERROR = 17;
  private static final long MINUTE = 60_000;

  private @TempDir Path directory;
  private PathDriver path;

  @AfterEach
  void close() {
    path.close();
  }

  @Test
  void example_inProd_onlyErrorsAreKept() {
    start(PathDriver.example(directory));

    send(
        0,
        logs(
            resourceLogs(
                service("checkout", "prod"),
                log(INFO, "info", Map.of()),
                log(ERROR, "error", Map.of()),
                log(WARN, "warning", Map.of()),
                log(24, "fatal", Map.of())),
            resourceLogs(service("checkout", "test"), log(WARN, "elsewhere", Map.of()))));

    assertThat(bodies(parseLogs(path.kept()))).containsExactly("error", "fatal", "elsewhere");
    assertThat(path.counted())
        .containsOnly(
            entry("acme logs dropped only-errors-in-prod", 2L), entry("acme logs processed", 3L));
  }

  @Test
  void example_oneService_isLimitedPerMinuteWithABurst() {
    start(PathDriver.example(directory));

    send(0, logs(resourceLogs(service("noisy", "test"), many(1_500, INFO))));
    send(0, logs(resourceLogs(service("quiet", "test"), many(10, INFO))));
    send(MINUTE, logs(resourceLogs(service("noisy", "test"), many(1_500, INFO))));

    assertThat(bodies(parseLogs(path.kept()))).hasSize(1_200);
    assertThat(bodies(parseLogs(path.kept()))).hasSize(10);
    assertThat(bodies(parseLogs(path.kept()))).hasSize(600);
    assertThat(path.counted())
        .containsOnly(
            entry("acme logs limited some-per-minute", 1_200L),
            entry("acme logs processed", 1_810L));
  }

  @Test
  void example_debug_isLimitedPerNamespaceExceptInADebugSession() {
    start(PathDriver.example(directory));
    LogRecord exempt = log(DEBUG, "session", Map.of("debug.session", "7"));

    send(
        0,
        logs(
            resourceLogs(service("a", "test"), many(90, DEBUG)),
            resourceLogs(service("b", "test"), many(20, DEBUG)),
            resourceLogs(service("b", "test"), exempt, log(INFO, "info", Map.of()))));

    assertThat(bodies(parseLogs(path.kept()))).hasSize(102).contains("session", "info");
    assertThat(path.counted())
        .containsOnly(
            entry("acme logs limited chatty-debug", 10L), entry("acme logs processed", 102L));
  }

  @Test
  void hash_attributes_areReplacedByTheirKeyedHash() throws Exception {
    start(
        PathDriver.rules(
            """
            logs:
              - name: no-tokens
                when: severity < ERROR
                hash: ['attributes["user.email"]']
              - name: no-hosts
                hash: ['resource["host.name"]']
            """,
            directory));
    LogsData input =
        logs(
            resourceLogs(
                Map.of("host.name", "melchior", "service.name", "shop"),
                log(INFO, "one", Map.of("user.email", "a@b.c", "other", "stays")),
                log(ERROR, "two", Map.of("user.email", "d@e.f")),
                log(INFO, "three", Map.of())));

    send(0, input);

    LogsData kept = parseLogs(path.kept());
    var resource = kept.getResourceLogs(0);
    var records = resource.getScopeLogs(0).getLogRecordsList();
    assertThat(attributes(resource.getResource().getAttributesList()))
        .containsOnly(entry("host.name", hmac("melchior")), entry("service.name", "shop"));
    assertThat(attributes(records.get(0).getAttributesList()))
        .containsOnly(entry("user.email", hmac("a@b.c")), entry("other", "stays"));
    assertThat(attributes(records.get(1).getAttributesList()))
        .containsOnly(entry("user.email", "d@e.f"));
    assertThat(records.get(2)).isEqualTo(log(INFO, "three", Map.of()));
    assertThat(path.counted()).containsOnly(entry("acme logs processed", 3L));
  }

  @Test
  void rulesOfARecord_areThoseInForceAtItsTimestamp() {
    RuleSet old =
        PathDriver.rules("logs: [{name: none, drop: record, when: severity < ERROR}]", directory);
    RuleSet other =
        PathDriver.rules("logs: [{name: less, drop: record, when: severity < INFO}]", directory);
    path = driver(time -> time < 1_000 ? old : other);
    byte[] info = logs(resourceLogs(Map.of(), log(INFO, "info", Map.of()))).toByteArray();

    path.send(info, 1, 1_500);
    assertThat(path.keptHeaders().rulesVersion()).isEqualTo(other.version());
    path.send(info, 1, 999);
    assertThat(path.keptNothing()).isTrue();
    path.send(info, 1, 1_000);
    assertThat(path.keptHeaders().rulesVersion()).isEqualTo(other.version());
  }

  @Test
  void noRules_keepTheSameBytes() {
    start(RuleSet.EMPTY);
    byte[] value = logs(resourceLogs(Map.of(), many(3, DEBUG))).toByteArray();

    path.send(value, 3, 0);

    assertThat(path.kept()).isEqualTo(value);
    assertThat(path.counted()).containsOnly(entry("acme logs processed", 3L));
  }

  private void start(RuleSet rules) {
    path = driver(_ -> rules);
  }

  private PathDriver driver(LongFunction<RuleSet> rulesAt) {
    return new PathDriver(Signal.LOGS, LogsPath::addTo, rulesAt, directory);
  }

  private void send(long time, LogsData logs) {
    path.send(logs.toByteArray(), bodies(logs).size(), time);
  }

  private static Map<String, String> service(String name, String namespace) {
    return Map.of("service.name", name, "k8s.namespace.name", namespace);
  }

  private static LogRecord[] many(int count, int severity) {
    return IntStream.range(0, count)
        .mapToObj(i -> log(severity, "body" + i, Map.of()))
        .toArray(LogRecord[]::new);
  }

  private static String hmac(String value) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("a key that only this test knows".getBytes(UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(value.getBytes(UTF_8)));
  }
}
