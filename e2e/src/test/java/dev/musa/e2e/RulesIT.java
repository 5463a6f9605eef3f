package dev.musa.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules do what they say, from the directory to the output. */
class RulesIT extends OnEachKafka {
  private static final Duration ARRIVAL = Duration.ofSeconds(90);
  private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
  private static final String TRACES =
      """
      apiVersion: musa.dev/v1
      kind: Rules
      traces:
        - name: no-health-checks
          when: attributes["url.path"] in ["/livez", "/readyz"]
          drop: span
        - name: no-tokens
          hash: ['attributes["user.email"]']
        - name: tail
          sample:
            decide: {after: 2s}
            policies:
              - {name: errors, keep: {anySpan: status.code == ERROR}}
              - {name: slow, keep: {longerThan: 500ms}}
              - {name: rest, keep: {probability: %s}}
      """;

  @TempDir Path directory;
  private Path rules;
  private Installation musa;

  @BeforeEach
  void prepare() throws IOException {
    rules = Files.createDirectories(directory.resolve("rules"));
    Path key = Files.write(directory.resolve("hash.key"), KEY);
    musa = kafka.install(directory, "rules: {hashKeyFile: %s}\n".formatted(key));
  }

  @Test
  void sampling_keepsWhatThePoliciesSay_whole() throws Exception {
    Files.writeString(rules.resolve("rules.yaml"), TRACES.formatted("0.25"));
    Map<ByteString, List<Span>> sent = new HashMap<>();
    Random random = new Random(3);
    try (MusaProcess process = musa.run("--rules", rules.toString())) {
      for (int i = 0; i < 400; i++) {
        List<Span> trace = trace(random, i);
        sent.put(trace.getFirst().getTraceId(), trace);
        assertThat(post(trace.subList(0, 3))).isEqualTo(200);
        assertThat(post(trace.subList(3, trace.size()))).isEqualTo(200);
      }
      Set<ByteString> expected = new HashSet<>();
      sent.forEach((id, spans) -> {
        if (isKept(id, spans, 0.25)) {
          expected.add(id);
        }
      });
      OutputFiles output = new OutputFiles(musa.output());
      // All their spans, not the ids alone: the two requests of a trace may arrive one by one.
      int awaited = 4 * expected.size();
      Await.until(
          "spans of the kept traces",
          ARRIVAL,
          () -> output.spans().size() >= awaited,
          () -> output.spans().size() + " of " + awaited);
      assertThat(process.interrupt(Duration.ofSeconds(20))).isZero();

      Map<ByteString, List<Span>> arrived = byTrace(output);
      assertThat(arrived.keySet()).isEqualTo(expected);
      assertThat(expected.size()).isBetween(100, 180);
      arrived.forEach((id, spans) -> assertWhole(spans, sent.get(id)));
    }
  }

  @Test
  void changedFile_isInForceWithinTenSeconds_andABrokenOneIsRefused() throws Exception {
    Path file = rules.resolve("rules.yaml");
    Files.writeString(file, dropNamed("first"));
    try (MusaProcess _ = musa.run("--rules", rules.toString())) {
      OutputFiles output = new OutputFiles(musa.output());
      sendUntil(output, "second", span -> span.getName().equals("second"));
      assertThat(names(output)).doesNotContain("first").contains("second");

      Files.writeString(file, dropNamed("second"));
      sendUntil(output, "first", span -> span.getName().equals("first"));

      Files.writeString(file, dropNamed("first").replace("name ==", "nam =="));
      Await.until(
          "the refusal is counted",
          Duration.ofSeconds(10),
          () -> refusals() >= 1,
          () -> musa.metrics().lines().filter(line -> line.contains("rules")).toList());
      long before = names(output).stream().filter("first"::equals).count();
      sendUntil(
          output, "first", _ -> names(output).stream().filter("first"::equals).count() > before);
    }
  }

  private double refusals() {
    return musa.sum("musa_rules_refused", "");
  }

  private static String dropNamed(String name) {
    return """
    apiVersion: musa.dev/v1
    kind: Rules
    traces:
      - name: not-this-one
        when: name == "%s"
        drop: span
    """
        .formatted(name);
  }

  /**
   * Sends spans of this name again and again until one that is wanted came through, ten seconds at
   * most.
   */
  private void sendUntil(OutputFiles output, String name, Predicate<Span> wanted) {
    Random random = new Random();
    Await.until(
        name + " in the output",
        Duration.ofSeconds(15),
        () -> {
          for (String each : List.of("first", "second")) {
            Span span =
                Traces.span(random, Traces.newTraceId(random), each, Duration.ofMillis(1), false);
            assertThat(post(List.of(span))).isEqualTo(200);
          }
          return output.spans().stream().anyMatch(wanted);
        },
        () -> names(output));
  }

  private static List<String> names(OutputFiles output) {
    return output.spans().stream().map(Span::getName).toList();
  }

  private int post(List<Span> spans) {
    try {
      return Traces.post(musa.ports(), "traces", Traces.request("shop", spans).toByteArray());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Five spans, one of them a health check that no trace keeps; every tenth trace fails, every
   * fifteenth is slow.
   */
  private static List<Span> trace(Random random, int number) {
    ByteString id = Traces.newTraceId(random);
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      boolean error = number % 10 == 0 && i == 3;
      Duration length = Duration.ofMillis(number % 15 == 0 && i == 1 ? 900 : 5);
      spans.add(
          Traces.span(random, id, "step-" + i, length, error).toBuilder()
              .addAttributes(Traces.attribute("user.email", "user" + number + "@example.org"))
              .build());
    }
    spans.add(
        2,
        Traces.span(random, id, "probe", Duration.ofMillis(1), true).toBuilder()
            .addAttributes(Traces.attribute("url.path", "/livez"))
            .build());
    return spans;
  }

  private static boolean isKept(ByteString id, List<Span> spans, double probability) {
    List<Span> counted = spans.stream().filter(span -> !span.getName().equals("probe")).toList();
    boolean failed = counted.stream().anyMatch(span -> span.getStatus().getCode().getNumber() == 2);
    long start = counted.stream().mapToLong(Span::getStartTimeUnixNano).min().orElseThrow();
    long end = counted.stream().mapToLong(Span::getEndTimeUnixNano).max().orElseThrow();
    return failed
        || end - start > Duration.ofMillis(500).toNanos()
        || Traces.isKeptByChance(id, probability);
  }

  private static void assertWhole(List<Span> arrived, List<Span> sent) {
    Set<ByteString> expected = new HashSet<>();
    for (Span span : sent) {
      if (!span.getName().equals("probe")) {
        expected.add(span.getSpanId());
      }
    }
    assertThat(arrived.stream().map(Span::getSpanId)).containsExactlyInAnyOrderElementsOf(expected);
    for (Span span : arrived) {
      KeyValue original =
          sent.stream()
              .filter(other -> other.getSpanId().equals(span.getSpanId()))
              .findFirst()
              .orElseThrow()
              .getAttributes(0);
      assertThat(span.getAttributes(0).getValue().getStringValue())
          .isEqualTo(hmac(original.getValue().getStringValue()));
    }
  }

  private static String hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<ByteString, List<Span>> byTrace(OutputFiles output) {
    Map<ByteString, List<Span>> traces = new HashMap<>();
    for (Span span : output.spans()) {
      traces.computeIfAbsent(span.getTraceId(), _ -> new ArrayList<>()).add(span);
    }
    return traces;
  }
}
