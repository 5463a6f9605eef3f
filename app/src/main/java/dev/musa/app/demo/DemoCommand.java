package dev.musa.app.demo;

import dev.musa.app.terminal.Output;
import dev.musa.app.terminal.StopSignal;
import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code musa demo}. */
@Command(
    name = "demo",
    description = "Send the traffic of a small shop, and say what of it was acknowledged.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  enum Protocol {
    grpc(4317),
    http(4318);

    final int port;

    Protocol(int port) {
      this.port = port;
    }
  }

  private static final Duration DEFAULT_DURATION = Duration.ofSeconds(30);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(45);

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "20",
      description = "Traces per second (default: ${DEFAULT-VALUE}).")
  double rate;

  @Option(names = "--traces", paramLabel = "N", description = "Stop after this many traces.")
  @Nullable Long traces;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description = "Stop after this time, such as 30s or 5m (default: 30s, unless --traces).")
  @Nullable Duration duration;

  @Option(
      names = "--protocol",
      paramLabel = "grpc|http",
      defaultValue = "grpc",
      description = "OTLP over gRPC or HTTP (default: ${DEFAULT-VALUE}).")
  Protocol protocol = Protocol.grpc;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "Where to send (default: http://127.0.0.1:4317, for http :4318).")
  @Nullable URI endpoint;

  @Option(
      names = "--compression",
      paramLabel = "gzip|none",
      defaultValue = "gzip",
      description = "How requests are compressed (default: ${DEFAULT-VALUE}).")
  String compression = "gzip";

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Play the same visits again (trace ids are always new).")
  @Nullable Long seed;

  private final Output output;
  private final Function<Duration, StopSignal> signals;

  /** A command that stops early when the signal says so, which is made with the time that takes. */
  public DemoCommand(Output output, Function<Duration, StopSignal> signals) {
    this.output = output;
    this.signals = signals;
  }

  @Override
  public Integer call() {
    URI url = endpoint == null ? URI.create("http://127.0.0.1:" + protocol.port) : endpoint;
    Demo.Script script = script();
    Endpoint target = target(url);
    checkReachable(url);
    StopSignal stop = signals.apply(STOP_LIMIT);
    int code = 1;
    try {
      Demo demo =
          new Demo(
              script,
              target,
              InstantSource.system(),
              seed == null ? new Random() : new Random(seed),
              output);
      output.say("sending " + describe(script) + " to " + target.label() + " ...");
      code = demo.run(stop).complete() ? 0 : 1;
      return code;
    } finally {
      stop.finished(code);
    }
  }

  Demo.Script script() {
    require(rate > 0, "--rate is " + rate + "; expected more than 0 traces per second");
    require(traces == null || traces > 0, "--traces is " + traces + "; expected at least 1");
    Duration limit = traces == null && duration == null ? DEFAULT_DURATION : duration;
    require(
        limit == null || limit.isPositive(), "--duration is " + limit + "; expected more than 0s");
    return new Demo.Script(rate, traces, limit);
  }

  private Endpoint target(URI url) {
    require(
        url.getHost() != null
            && ("http".equals(url.getScheme()) || "https".equals(url.getScheme())),
        "--endpoint is " + url + "; expected a URL such as http://127.0.0.1:" + protocol.port);
    require(
        compression.equals("gzip") || compression.equals("none"),
        "--compression is " + compression + "; expected gzip or none");
    String base = url.toString().replaceFirst("/+$", "");
    return switch (protocol) {
      case grpc -> new Endpoint.Grpc(base, compression);
      case http -> new Endpoint.Http(base, compression);
    };
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new StartupException(message);
    }
  }

  private static String describe(Demo.Script script) {
    String pace = trim(script.tracesPerSecond()) + " traces/s";
    String total = script.traces() == null ? "" : ", " + script.traces() + " in all";
    String time = script.duration() == null ? "" : " for " + script.duration().toSeconds() + " s";
    return pace + total + time;
  }

  private static String trim(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }

  /** Says so at once instead of after the SDK's retries. */
  private static void checkReachable(URI url) {
    int port = url.getPort() > 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(url.getHost(), port), Math.toIntExact(CONNECT_LIMIT.toMillis()));
    } catch (IOException e) {
      throw new StartupException(
          "nothing answers at "
              + url
              + " ("
              + e.getMessage()
              + "): start `musa run` first, or name another place with --endpoint",
          e);
    }
  }
}
