package dev.musa.app.config;

import dev.musa.runtime.config.ConfigReader;
import dev.musa.runtime.lifecycle.StartupException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that all services share: a file and what overrides it. An option stands for keys of
 * the file and is read as if it were written there, so it cannot mean anything else.
 */
public final class ConfigOptions {
  @Option(names = "--config", paramLabel = "FILE", description = "The configuration, musa.yaml.")
  @Nullable Path file;

  @Option(names = "--data", paramLabel = "DIR", description = "Where data lies (default: ./data).")
  @Nullable Path data;

  @Option(
      names = "--rules",
      paramLabel = "DIR",
      description = "The directory of the rules (default: none, everything is kept).")
  @Nullable Path rules;

  @Option(names = "--tempo", paramLabel = "URL", description = "Deliver traces by OTLP gRPC.")
  @Nullable URI tempo;

  @Option(names = "--loki", paramLabel = "URL", description = "Deliver logs by OTLP HTTP.")
  @Nullable URI loki;

  @Option(names = "--prometheus", paramLabel = "URL", description = "Deliver metrics by OTLP HTTP.")
  @Nullable URI prometheus;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      description = "Take OTLP and answer health probes here, not on loopback.")
  @Nullable String listen;

  @Option(names = "--insecure", description = "Permit plaintext from the network (with --listen).")
  boolean insecure;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Watch the Kubernetes cluster that this names (default: the one around, if any).")
  @Nullable Path kubeconfig;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Copy accepted requests to a new file, for musa bench --recording.")
  @Nullable Path record;

  @Option(
      names = "--instance",
      paramLabel = "NAME",
      description = "This process among those with the same job (default: kept in the data).")
  @Nullable String instance;

  /** Reads the file over the defaults, and the options over the file. */
  public MusaConfig read() {
    Path directory = data != null ? data : fromFile(MusaConfig.defaults()).data();
    MusaConfig based = fromFile(MusaConfig.inside(directory));
    MusaConfig config = overridden(based);
    checkListeners(config);
    return config;
  }

  private MusaConfig fromFile(MusaConfig defaults) {
    return file == null ? defaults : ConfigReader.read(file, defaults);
  }

  private MusaConfig overridden(MusaConfig config) {
    MusaConfig result = config;
    result = new Overlay().set(data, "data").over("--data", result);
    result = new Overlay().set(rules, "rules", "directory").over("--rules", result);
    result = new Overlay().set(tempo, "sinks", "tempo", "endpoint").over("--tempo", result);
    result = new Overlay().set(loki, "sinks", "loki", "endpoint").over("--loki", result);
    result =
        new Overlay()
            .set(prometheus, "sinks", "prometheus", "endpoint")
            .over("--prometheus", result);
    result =
        new Overlay()
            .set(listen, "collector", "grpc", "host")
            .set(listen, "collector", "http", "host")
            .set(listen, "health", "host")
            .over("--listen", result);
    result = new Overlay().set(kubeconfig, "kubernetes", "kubeconfig").over("--kubeconfig", result);
    result = new Overlay().set(record, "collector", "recording", "file").over("--record", result);
    if (insecure) {
      result = new Overlay().set(true, "collector", "insecure").over("--insecure", result);
    }
    return new Overlay().set(instance, "processors", "instance").over("--instance", result);
  }

  private static void checkListeners(MusaConfig config) {
    List<String> exposed = exposedHosts(config);
    if (!exposed.isEmpty() && !config.collector().insecure()) {
      throw new StartupException(
          "--listen (collector.*.host) is "
              + exposed.getFirst()
              + ", which the network can reach, and what is sent there is not encrypted:"
              + " add --insecure if that is meant, or leave it at 127.0.0.1");
    }
    if (!isLoopback(config.admin().host()) && !config.admin().insecure()) {
      throw new StartupException(
          "admin.host is "
              + config.admin().host()
              + ", but metrics are data and served without encryption (expected: 127.0.0.1, or"
              + " admin.insecure: true if the network sees to who can reach it)");
    }
  }

  /** The hosts at which the network can send plaintext; empty if none. */
  public static List<String> exposedHosts(MusaConfig config) {
    return Stream.of(config.collector().grpc().host(), config.collector().http().host())
        .filter(host -> !isLoopback(host))
        .distinct()
        .toList();
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false;
    }
  }
}
