package dev.musa.app;

import dev.musa.app.config.MusaConfig;
import dev.musa.collector.CollectorConfig;
import dev.musa.schemas.Signal;
import dev.musa.sinks.SinksConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The block that a process prints once it does its work. */
final class ReadyText {
  private ReadyText() {}

  static List<String> lines(
      MusaConfig config,
      Set<Part> which,
      Musa.Ports ports,
      String rules,
      @Nullable Path log,
      Duration startedIn) {
    Part first = which.iterator().next();
    String what = which.size() > 1 ? "MUSA" : "MUSA " + first.label();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(Locale.ROOT, "%s is ready (%.1f s)", what, startedIn.toMillis() / 1000.0));
    if (which.contains(Part.COLLECTOR)) {
      CollectorConfig collector = config.collector();
      add(
          lines,
          "send OTLP to",
          "gRPC %s:%d, HTTP http://%s:%d"
              .formatted(
                  collector.grpc().host(), ports.grpc(), collector.http().host(), ports.http()));
    }
    add(lines, "metrics", url(config.admin().host(), ports.admin(), "/metrics"));
    add(lines, "health", url(config.health().host(), ports.health(), "/readyz"));
    if (which.contains(Part.CONTROL) || which.contains(Part.PROCESSORS)) {
      add(lines, "rules", rules);
    }
    if (which.contains(Part.SINKS)) {
      add(lines, "sinks", String.join(", ", sinks(config.sinks())));
    }
    if (which.contains(Part.KAFKA)) {
      add(lines, "Kafka", String.join(", ", config.kafkaOfNode().bootstrapServers()));
    } else {
      add(lines, "Kafka", String.join(", ", config.kafka().bootstrapServers()));
    }
    Path data = config.data().toAbsolutePath().normalize();
    add(lines, "data", data + (log == null ? "" : " (log in " + data.relativize(log) + ")"));
    return lines;
  }

  private static List<String> sinks(SinksConfig sinks) {
    List<String> texts = new ArrayList<>();
    if (sinks.filesEnabled()) {
      texts.add("files " + sinks.files().directory() + "/{traces,logs,metrics}.jsonl");
    }
    addSink(texts, "Tempo", sinks.tempo().endpoint());
    addSink(texts, "Loki", sinks.loki().endpoint());
    addSink(texts, "Prometheus", sinks.prometheus().endpoint());
    sinks
        .otlp()
        .forEach(otlp ->
            addSink(
                texts,
                otlp.name()
                    + " ("
                    + String.join(", ", otlp.signals().stream().map(Signal::label).toList())
                    + ")",
                otlp.endpoint()));
    return texts;
  }

  private static void addSink(List<String> texts, String name, @Nullable URI endpoint) {
    if (endpoint != null) {
      texts.add(name + " " + endpoint);
    }
  }

  private static String url(String host, int port, String path) {
    return "http://" + host + ":" + port + path;
  }

  private static void add(List<String> lines, String label, String text) {
    lines.add(String.format(Locale.ROOT, "  %-14s %s", label, text));
  }
}
