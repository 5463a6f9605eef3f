package dev.musa.rules.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.rules.Otlp;
import dev.musa.rules.Problem;
import dev.musa.rules.yaml.Problems;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.OtlpCursor;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {
  private static final Map<String, Object> RESOURCE =
      Map.of("service.name", "checkout", "replicas", 3);

  private static OtlpCursor span() {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("url.path", "/api/orders/42");
    attributes.put("status", 503);
    attributes.put("ratio", 2.0);
    attributes.put("big", Long.MAX_VALUE);
    attributes.put("odd", (1L << 53) + 1);
    attributes.put("cached", true);
    attributes.put("nothing", null);
    attributes.put("tags", List.of("a", "b", 7));
    attributes.put("user", Map.of("name", "eva", "age", 30));
    attributes.put("raw", new byte[] {1, 2, 3});
    attributes.put("umlaut", "größe");
    return Otlp.span(
        RESOURCE,
        Span.newBuilder()
            .setName("GET /api/orders")
            .setKind(Span.SpanKind.SPAN_KIND_SERVER)
            .setStartTimeUnixNano(1_000_000_000L)
            .setEndTimeUnixNano(1_600_000_000L)
            .setStatus(
                Status.newBuilder()
                    .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                    .setMessage("upstream timed out"))
            .addAllAttributes(Otlp.attributes(attributes))
            .build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          name == "GET /api/orders"                                  ; true
          name != "GET /api/orders"                                  ; false
          name > "GET" && name < "GEU"                               ; true
          name.startsWith("GET ") && name.endsWith("orders")         ; true
          name.contains("api") && !name.contains("apis")             ; true
          name.contains("")                                          ; true
          name.matches("^GET /api/[a-z]+$")                          ; true
          name.matches("orders/")                                    ; false
          size(name) == 15 && name.size() == 15                      ; true
          kind == SERVER                                             ; true
          kind in [CLIENT, PRODUCER]                                 ; false
          kind in [CLIENT, SERVER]                                   ; true
          status.code == ERROR                                       ; true
          status.code != OK && status.code != UNSET                  ; true
          status.message.contains("timed out")                       ; true
          duration > duration("500ms")                               ; true
          duration == duration("0.6s")                               ; true
          duration > duration("1m30s")                               ; false
          scope.name == "shop.http" && scope.version == "1.2"        ; true
          scope.attributes["layer"] == "edge"                        ; true
          resource["service.name"] == "checkout"                     ; true
          resource["replicas"] >= 3                                  ; true
          attributes["url.path"] in ["/livez", "/api/orders/42"]     ; true
          attributes["url.path"] in ["/livez", "/readyz"]            ; false
          attributes["status"] in [500, 503]                         ; true
          attributes["status"] in [503.0]                            ; true
          attributes["status"] in []                                 ; false
          attributes["status"] == 503.0                              ; true
          attributes["ratio"] == 2                                   ; true
          attributes["big"] == 9223372036854775807.0                 ; false
          attributes["big"] < 9223372036854775808.0                  ; true
          attributes["odd"] == 9007199254740992.0                    ; false
          attributes["odd"] > 9007199254740992.0                     ; true
          attributes["status"] / 100 == 5                            ; true
          attributes["status"] % 100 == 3                            ; true
          -attributes["status"] == -503                              ; true
          attributes["ratio"] * 2.5 == 5.0                           ; true
          attributes["ratio"] + attributes["status"] == 505.0        ; true
          attributes["cached"]                                       ; true
          !attributes["cached"]                                      ; false
          attributes["cached"] == true                               ; true
          attributes["nothing"] == null                              ; true
          attributes["nothing"] != "x"                               ; true
          attributes["status"] != "503"                              ; true
          attributes["status"] == "503"                              ; false
          "a" in attributes["tags"]                                  ; true
          7 in attributes["tags"]                                    ; true
          "c" in attributes["tags"]                                  ; false
          attributes["tags"] == ["a", "b", 7]                        ; true
          attributes["tags"] == ["a", "b"]                           ; false
          attributes["tags"] != ["a", "b"]                           ; true
          attributes["tags"][1] == "b"                               ; true
          size(attributes["tags"]) == 3                              ; true
          attributes["user"]["name"] == "eva"                        ; true
          attributes.user.age > 29                                   ; true
          "name" in attributes["user"]                               ; true
          has(attributes["user"]["name"])                            ; true
          has(attributes.user.street)                                ; false
          attributes["raw"] == b"\\x01\\x02\\x03"                    ; true
          size(attributes["umlaut"]) == 5                            ; true
          attributes["umlaut"].matches("^gr..e$")                    ; true
          "url.path" in attributes                                   ; true
          size(attributes) == 11                                     ; true
          has(attributes["status"])                                  ; true
          has(attributes.status)                                     ; true
          kind == SERVER ? status.code == OK : true                  ; false
          (kind == CLIENT ? "a" : name) == "GET /api/orders"         ; true
          (kind == SERVER) == (status.code == ERROR)                 ; true
          dyn(name) == 1                                             ; false
          true || attributes["x"] == 1                               ; true
          """)
  void spans(String expression, boolean expected) {
    assertThat(Expression.compile(Signal.TRACES, expression).test(span())).isEqualTo(expected);
  }

  /** The table of what an absent attribute, or one of another type, means. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          attributes["x"] == "a"                     ; false
          attributes["x"] != "a"                     ; false
          !(attributes["x"] == "a")                  ; true
          !(attributes["x"] != "a")                  ; true
          attributes["x"] == attributes["y"]         ; false
          attributes["x"] == null                    ; false
          attributes["x"]                            ; false
          !attributes["x"]                           ; true
          attributes["x"] < 1                        ; false
          attributes["x"] >= 1                       ; false
          attributes["x"] in ["a", 1]                ; false
          "a" in attributes["x"]                     ; false
          attributes["x"].startsWith("")             ; false
          attributes["x"].contains("")               ; false
          attributes["x"].matches("")                ; false
          name.startsWith(attributes["x"])           ; false
          size(attributes["x"]) == 0                 ; false
          attributes["x"] + 1 > 0                    ; false
          attributes["x"]["y"] == 1                  ; false
          attributes["tags"][9] == "a"               ; false
          has(attributes["x"])                       ; false
          has(attributes["x"]["y"])                  ; false
          (kind == SERVER ? attributes["x"] : 1) == 1; false
          attributes["status"] < "a"                 ; false
          attributes["status"].startsWith("5")       ; false
          attributes["status"].matches("5")          ; false
          attributes["url.path"] > 5                 ; false
          attributes["url.path"] + 1 == 2            ; false
          attributes["status"]                       ; false
          attributes["url.path"]["a"] == 1           ; false
          size(attributes["status"]) == 3            ; false
          attributes["status"] / 0 == 1              ; false
          attributes["status"] % 0 != 1              ; false
          attributes["big"] + 1 > 0                  ; false
          attributes["big"] * 2 != 0                 ; false
          -attributes["url.path"] == 1               ; false
          attributes["tags"] > 1                     ; false
          attributes["user"] == attributes["user"]   ; false
          """)
  void absentOrOfAnotherType(String expression, boolean expected) {
    assertThat(Expression.compile(Signal.TRACES, expression).test(span())).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          severity >= ERROR                         ; true
          severity < WARN                           ; false
          severity in [TRACE, DEBUG, INFO]          ; false
          severity_text == "ERR"                    ; true
          event_name == "order.failed"              ; true
          body.contains("card")                     ; true
          body == "card declined"                   ; true
          body["code"] == 7                         ; false
          size(body) == 13                          ; true
          resource["service.name"] == "checkout"    ; true
          attributes["order"] == 7                  ; true
          """)
  void logs(String expression, boolean expected) {
    OtlpCursor log =
        Otlp.log(
            RESOURCE,
            LogRecord.newBuilder()
                .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_ERROR)
                .setSeverityText("ERR")
                .setEventName("order.failed")
                .setBody(Otlp.value("card declined"))
                .addAllAttributes(Otlp.attributes(Map.of("order", 7)))
                .build());

    assertThat(Expression.compile(Signal.LOGS, expression).test(log)).isEqualTo(expected);
  }

  @Test
  void logs_bodyMayBeAMapOrAbsent() {
    OtlpCursor map =
        Otlp.log(Map.of(), LogRecord.newBuilder().setBody(Otlp.value(Map.of("code", 7))).build());
    OtlpCursor none = Otlp.log(Map.of(), LogRecord.getDefaultInstance());

    assertThat(Expression.compile(Signal.LOGS, "body[\"code\"] == 7").test(map)).isTrue();
    assertThat(Expression.compile(Signal.LOGS, "body.contains(\"\")").test(map)).isFalse();
    assertThat(Expression.compile(Signal.LOGS, "body != \"a\"").test(none)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          metric.name.startsWith("go_gc_")          ; true
          metric.unit == "By"                       ; true
          metric.description == "what it counts"    ; true
          attributes["pod"] == "prediction-0"       ; true
          resource["service.name"] == "checkout"    ; true
          scope.name == "shop.http"                 ; true
          """)
  void metrics(String expression, boolean expected) {
    OtlpCursor point = Otlp.point(RESOURCE, "go_gc_pauses", Map.of("pod", "prediction-0"));

    assertThat(Expression.compile(Signal.METRICS, expression).test(point)).isEqualTo(expected);
  }

  @Test
  void duration_ofASpanThatDoesNotEndIsNothing() {
    OtlpCursor open = Otlp.span(Map.of(), Span.newBuilder().setStartTimeUnixNano(5).build());

    assertThat(Expression.compile(Signal.TRACES, "duration == duration(\"0\")").test(open))
        .isTrue();
  }

  @Test
  void duration_ofExtremeTimesIsTheLongest() {
    OtlpCursor odd = Otlp.span(Map.of(), Span.newBuilder().setEndTimeUnixNano(-1).build());

    assertThat(Expression.compile(Signal.TRACES, "duration > duration(\"2000000h\")").test(odd))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attributes[name] == 1",
        "attributes[\"l\"].exists(x, x == 1)",
        "attributes == resource",
        "name in [name]",
        "name.matches(status.message)",
        "name.matches(\"(?=a)\")",
        "name + \"a\" == \"b\"",
        "duration + duration < duration(\"1s\")",
        "duration > duration(\"soon\")",
        "duration > duration(status.message)",
        "kind == ERROR",
        "attributes[\"kind\"] == SERVER",
        "kind + 1 == SERVER",
        "int(attributes[\"x\"]) == 1",
        "type(name) == string",
        "{\"a\": 1}[\"a\"] == 1",
        "attributes[\"l\"][kind] == 1",
        "name in attributes",
        "timestamp(name) == timestamp(name)",
        "duration.getSeconds() == 1",
        "name",
        "kind",
        "severity == 1",
        "metric.name == \"a\"",
        "1u == 1u",
        "has(name)",
        "attributes[\"tags\"][-1] == 1",
        "name =="
      })
  void whatCannotBeCompiledIsRefusedWithItsPosition(String expression) {
    Problems problems = new Problems();

    Expression.compile(Signal.TRACES, expression, problems);

    assertThat(problems.sorted()).isNotEmpty();
    for (Problem problem : problems.sorted()) {
      assertThat(problem.line()).isEqualTo(1);
      assertThat(problem.column()).isBetween(1, expression.length() + 2);
      assertThat(problem.expected()).isNotBlank();
    }
  }
}
