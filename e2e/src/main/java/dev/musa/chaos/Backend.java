package dev.musa.chaos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.MalformedOtlpException;
import dev.musa.schemas.wire.OtlpCursor;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;

/** The OTLP/HTTP endpoint that everything is delivered to. It can misbehave. */
final class Backend implements AutoCloseable {
  private static final Duration SLOW = Duration.ofSeconds(2);
  private static final Duration HANGING = Duration.ofSeconds(60);

  /** How it answers. */
  enum Mood {
    WELL,
    /** 503: try again. */
    UNAVAILABLE,
    /** 429 with a time to wait. */
    THROTTLING,
    /** 401: whoever runs this has to mend the configuration. */
    FORBIDDING,
    /** Takes two seconds for each answer. */
    SLOW,
    /** Reads and never answers. */
    HANGING,
    /** Stores the request and breaks the connection off before the answer. */
    FORGETFUL,
    /** Breaks the connection off in the middle of the request. */
    RESETTING
  }

  private final HttpServer server;
  private final Arrivals arrivals;
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Mood mood = Mood.WELL;

  private Backend(HttpServer server, Arrivals arrivals) {
    this.server = server;
    this.arrivals = arrivals;
  }

  static Backend start(int port, Arrivals arrivals) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
    Backend backend = new Backend(server, arrivals);
    for (Signal signal : Signal.values()) {
      server.createContext("/v1/" + signal.label(), exchange -> backend.answer(signal, exchange));
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return backend;
  }

  void be(Mood newMood) {
    mood = newMood;
  }

  int requests() {
    return requests.get();
  }

  private void answer(Signal signal, HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    Mood now = mood;
    try (exchange) {
      if (now == Mood.RESETTING) {
        throw new IOException("reset on purpose");
      }
      byte[] body = body(exchange);
      switch (now) {
        case UNAVAILABLE -> respond(exchange, 503);
        case THROTTLING -> {
          exchange.getResponseHeaders().add("Retry-After", "1");
          respond(exchange, 429);
        }
        case FORBIDDING -> respond(exchange, 401);
        case HANGING -> {
          waitWhile(Mood.HANGING, HANGING);
          throw new IOException("hung up on purpose");
        }
        case FORGETFUL -> {
          store(signal, body);
          throw new IOException("forgotten on purpose");
        }
        case SLOW -> {
          waitWhile(Mood.SLOW, SLOW);
          store(signal, body);
          respond(exchange, 200);
        }
        case WELL, RESETTING -> {
          store(signal, body);
          respond(exchange, 200);
        }
      }
    }
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

  private void store(Signal signal, byte[] body) throws IOException {
    OtlpCursor cursor = new OtlpCursor(signal);
    cursor.reset(body);
    try {
      while (cursor.next()) {
        arrivals.add(cursor);
      }
      arrivals.flush();
    } catch (MalformedOtlpException e) {
      throw new IOException("what was delivered is no OTLP", e);
    }
  }

  private static void respond(HttpExchange exchange, int status) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(status, -1);
  }

  @Override
  public void close() {
    mood = Mood.WELL;
    server.stop(0);
  }
}
