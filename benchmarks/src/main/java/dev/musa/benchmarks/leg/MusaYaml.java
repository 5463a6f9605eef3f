package dev.musa.benchmarks.leg;

import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Writes the configuration of MUSA's parts. */
final class MusaYaml {
  /** Nothing is deleted before it is counted. */
  private static final String MUCH = "4TiB";

  private static final String KEY =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  private final Setup setup;

  MusaYaml(Setup setup) {
    this.setup = setup;
  }

  /** Writes the file of one part and returns it. */
  Path write(String part, Ports.Part ports, boolean withKafka) {
    try {
      Files.createDirectories(setup.data());
      Path file = setup.data().resolve(part + ".yaml");
      YAMLMapper.shared().writeValue(file, overlaid(tree(ports, withKafka), userTree()));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Object> tree(Ports.Part part, boolean withKafka) throws IOException {
    Ports ports = setup.ports();
    Map<String, Object> tree = new LinkedHashMap<>();
    if (!withKafka) {
      tree.put("kafka", Map.of("bootstrapServers", List.of("127.0.0.1:" + ports.kafka())));
    }
    tree.put("node", Map.of("port", ports.kafka(), "retentionSize", MUCH, "diskReserve", "256MiB"));
    tree.put("topics", Map.of("partitions", setup.partitions()));
    tree.put("admin", Map.of("port", part.admin()));
    tree.put("health", Map.of("port", part.health()));
    tree.put(
        "collector",
        Map.of("grpc", Map.of("port", ports.otlpGrpc()), "http", Map.of("port", ports.otlpHttp())));
    tree.put("rules", Map.of("hashKeyFile", hashKey().toString(), "activationDelay", "500ms"));
    if (setup.sink() == SinkKind.OTLP) {
      String endpoint = "http://127.0.0.1:" + ports.backendGrpc();
      tree.put("sinks", Map.of("otlp", List.of(Map.of("name", "bench", "endpoint", endpoint))));
    }
    return tree;
  }

  private Path hashKey() throws IOException {
    Path file = setup.data().resolve("hash.key").toAbsolutePath();
    Files.writeString(file, KEY);
    return file;
  }

  private Map<String, Object> userTree() {
    Path file = setup.config();
    if (file == null) {
      return Map.of();
    }
    try {
      Map<String, Object> tree = new LinkedHashMap<>();
      YAMLMapper.shared()
          .readTree(file)
          .properties()
          .forEach(entry ->
              tree.put(
                  entry.getKey(),
                  YAMLMapper.shared().convertValue(entry.getValue(), Object.class)));
      return tree;
    } catch (JacksonException e) {
      throw new StartupException(
          "--config " + file + " cannot be read: " + e.getOriginalMessage(), e);
    }
  }

  /** Maps merge key by key, all else is replaced, as MUSA reads its own files. */
  private static Map<String, Object> overlaid(Map<String, Object> base, Map<String, ?> over) {
    Map<String, Object> result = new HashMap<>(base);
    over.forEach((key, value) -> {
      if (value instanceof Map<?, ?> more && result.get(key) instanceof Map<?, ?> less) {
        result.put(key, overlaid(byName(less), byName(more)));
      } else {
        result.put(key, value);
      }
    });
    return result;
  }

  private static Map<String, Object> byName(Map<?, ?> map) {
    Map<String, Object> result = new LinkedHashMap<>();
    map.forEach((key, value) -> result.put(String.valueOf(key), value));
    return result;
  }
}
