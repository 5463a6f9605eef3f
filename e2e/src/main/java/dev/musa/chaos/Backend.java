package dev.musa.chaos;

import com.google.protobuf.Message;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.MalformedOtlpException;
import dev.musa.schemas.wire.OtlpCursor;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/** The OTLP/HTTP endpoint that everything is delivered to. It can misbehave. */
final class Backend implements AutoCloseable {
  private static final Duration SHORT = Duration.ofSeconds(8);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SLOW = Duration.ofSeconds(2);
  private static final int LARGE_BYTES = 1_000;

  /** How it answers. */
  enum Mood {
    WELL(Duration.ZERO),
    /** 502, 503 or 504: try again. */
    UNAVAILABLE(SHORT),
    /** 429, with a time to wait or without. */
    THROTTLING(SHORT),
    /** 401, 403 or 404: whoever runs this has to mend the configuration. */
    FORBIDDING(SHORT),
    /** 400 to all requests that hold some items, the others are taken. */
    REFUSING(SHORT),
    /** 500: may pass, may be one item's fault. */
    FAILING(SHORT),
    /** 413 to what is larger than a small request. */
    NARROW(SHORT),
    /** 200, with a partial success that leaves some items out. */
    PARTIAL(SHORT),
    /** Takes two seconds for each answer. */
    SLOW(SHORT),
    /** Reads and never answers. */
    HANGING(SHORT),
    /** Stores the request and never answers. */
    TIMING_OUT(SHORT),
    /** Stores the request and breaks the connection off before the answer. */
    FORGETFUL(SHORT),
    /** Breaks the connection off in the middle of the request. */
    RESETTING(SHORT),
    /** Refuses connections, for longer than any wait between two tries. */
    GONE(LONG);

    private final Duration lasts;

    Mood(Duration lasts) {
      this.lasts = lasts;
    }

    Duration lasts() {
      return lasts;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final int port;
  private final Traffic traffic;
  private final Arrivals arrivals;
  private HttpServer server;
  private volatile Mood mood = Mood.WELL;

  private Backend(int port, Traffic traffic, Arrivals arrivals) {
    this.traffic = traffic;
    this.port = port;
    this.arrivals = arrivals;
    this.server = listen();
  }

  static Backend start(int port, Traffic traffic, Arrivals arrivals) {
    return new Backend(port, traffic, arrivals);
  }

  private HttpServer listen() {
    try {
      HttpServer fresh =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
      for (Signal signal : Signal.values()) {
        fresh.createContext("/v1/" + signal.label(), exchange -> answer(signal, exchange));
      }
      fresh.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      fresh.start();
      return fresh;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void be(Mood newMood) {
    if (newMood == Mood.GONE) {
      server.stop(0);
    } else if (mood == Mood.GONE) {
      server = listen();
    }
    mood = newMood;
  }

  private void answer(Signal signal, HttpExchange exchange) throws IOException {
    Mood now = mood;
    try (exchange) {
      if (now == Mood.RESETTING) {
        throw new IOException("reset on purpose");
      }
      answer(now, signal, exchange, body(exchange));
    }
  }

  private void answer(Mood now, Signal signal, HttpExchange exchange, byte[] body)
      throws IOException {
    switch (now) {
      case UNAVAILABLE -> respond(exchange, oneOf(502, 503, 504));
      case THROTTLING -> {
        if (ThreadLocalRandom.current().nextBoolean()) {
          exchange.getResponseHeaders().add("Retry-After", "1");
        }
        respond(exchange, 429);
      }
      case FORBIDDING -> respond(exchange, oneOf(401, 403, 404));
      case FAILING -> respond(exchange, 500);
      case REFUSING -> {
        if (holdsPoison(signal, body)) {
          respond(exchange, 400);
        } else {
          store(signal, body, false);
          respond(exchange, 200);
        }
      }
      case NARROW -> {
        if (body.length > LARGE_BYTES) {
          respond(exchange, 413);
        } else {
          store(signal, body, false);
          respond(exchange, 200);
        }
      }
      case PARTIAL -> respond(exchange, partialSuccess(store(signal, body, true)));
      case HANGING, GONE -> {
        waitWhile(now, LONG);
        throw new IOException("hung up on purpose");
      }
      case TIMING_OUT -> {
        store(signal, body, false);
        waitWhile(now, LONG);
        throw new IOException("hung up on purpose");
      }
      case FORGETFUL -> {
        store(signal, body, false);
        throw new IOException("forgotten on purpose");
      }
      case SLOW -> {
        waitWhile(now, SLOW);
        store(signal, body, false);
        respond(exchange, 200);
      }
      case WELL, RESETTING -> {
        store(signal, body, false);
        respond(exchange, 200);
      }
    }
  }

  private static int oneOf(Integer... statuses) {
    return List.of(statuses).get(ThreadLocalRandom.current().nextInt(statuses.length));
  }

  /** As long as the mood lasts, so that the next fault begins with a backend that is well. */
  private void waitWhile(Mood bad, Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    while (mood == bad && System.nanoTime() - deadline < 0) {
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
    try (InputStream in = exchange.getRequestBody();
        InputStream plain = "gzip".equals(encoding) ? new GZIPInputStream(in) : in) {
      return plain.readAllBytes();
    }
  }

  /** Takes the number of an item. */
  private interface Visitor {
    void visit(Kind kind, long number);
  }

  private void visit(Signal signal, byte[] body, Visitor visitor) throws IOException {
    OtlpCursor cursor = new OtlpCursor(signal);
    ItemId ids = new ItemId(traffic);
    try {
      cursor.reset(body);
      while (cursor.next()) {
        visitor.visit(Kind.of(signal), ids.of(cursor));
      }
    } catch (MalformedOtlpException e) {
      throw new IOException("what was delivered is no OTLP", e);
    }
  }

  private boolean holdsPoison(Signal signal, byte[] body) throws IOException {
    boolean[] found = new boolean[1];
    visit(signal, body, (kind, number) -> found[0] |= Traffic.isPoison(kind, number));
    return found[0];
  }

  /**
   * Returns how many items were left out.
   *
   * @param fastidious whether some log records and points are not taken
   */
  private int store(Signal signal, byte[] body, boolean fastidious) throws IOException {
    int[] rejected = new int[1];
    visit(
        signal,
        body,
        (kind, number) -> {
          if (fastidious && kind != Kind.SPAN && Traffic.isPoison(kind, number)) {
            arrivals.reject(kind, number);
            rejected[0]++;
          } else {
            arrivals.add(kind, number);
          }
        });
    arrivals.flush();
    return rejected[0];
  }

  /** The responses of the three signals are the same on the wire. */
  private static Message partialSuccess(int rejected) {
    if (rejected == 0) {
      return ExportLogsServiceResponse.getDefaultInstance();
    }
    return ExportLogsServiceResponse.newBuilder()
        .setPartialSuccess(
            ExportLogsPartialSuccess.newBuilder()
                .setRejectedLogRecords(rejected)
                .setErrorMessage("not these"))
        .build();
  }

  private static void respond(HttpExchange exchange, int status) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(status, -1);
  }

  private static void respond(HttpExchange exchange, Message response) throws IOException {
    byte[] body = response.toByteArray();
    exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    mood = Mood.WELL;
    server.stop(0);
  }
}
