package dev.musa.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Senders that behave as an SDK's exporter does: what was not acknowledged is sent again, the same
 * bytes, until it is. Now and then one sends again what was acknowledged.
 */
final class Load implements AutoCloseable {
  private static final Duration CALL = Duration.ofSeconds(10);
  private static final int SENDERS = 6;
  private static final int PAUSE_MILLIS = 20;
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int ONE_IN = 100;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Traffic traffic;
  private final Sent sent;
  private final int port;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Thread> senders = new ArrayList<>();
  private volatile String refusal = "";

  Load(Traffic traffic, Sent sent, int port) {
    this.traffic = traffic;
    this.sent = sent;
    this.port = port;
  }

  void start() {
    for (int i = 0; i < SENDERS; i++) {
      Kind kind = Kind.of(i % Kind.values().length);
      Random random = new Random();
      senders.add(Thread.ofVirtual().start(() -> run(kind, random)));
    }
  }

  /** What a sender was refused for good, which nothing here deserves; empty if none was. */
  String refusal() {
    return refusal;
  }

  private void run(Kind kind, Random random) {
    while (!isStopping()) {
      send(kind, sent.begin(kind), random.nextInt(ONE_IN) == 0);
      pause(random.nextInt(2 * PAUSE_MILLIS));
    }
  }

  private void send(Kind kind, long number, boolean twice) {
    boolean done =
        switch (kind) {
          case SPAN ->
              untilAcknowledged(kind, number, "traces", traffic.trace(number, 0), twice)
                  && untilAcknowledged(kind, number, "traces", traffic.trace(number, 1), twice);
          case LOG -> untilAcknowledged(kind, number, "logs", traffic.log(number), twice);
          case POINT -> untilAcknowledged(kind, number, "metrics", traffic.point(number), twice);
        };
    if (done) {
      sent.acknowledged(kind, number);
    }
  }

  private boolean untilAcknowledged(
      Kind kind, long number, String path, byte[] body, boolean twice) {
    if (twice) {
      sent.sentAgain(kind, number);
    }
    return untilAcknowledged(kind, number, path, body)
        && (!twice || untilAcknowledged(kind, number, path, body));
  }

  private boolean untilAcknowledged(Kind kind, long number, String path, byte[] body) {
    for (int attempt = 0; ; attempt++) {
      if (attempt == 1) {
        sent.sentAgain(kind, number);
      }
      int status = post(path, body);
      if (status == OK) {
        return true;
      }
      if (status == BAD_REQUEST) {
        refusal = path + " " + number + " was refused";
        return false;
      }
      if (isStopping()) {
        return false;
      }
      pause(Math.min(1_000, 50 << Math.min(attempt, 5)));
    }
  }

  /** The status, or 0 without an answer. */
  private int post(String path, byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/" + path))
            .timeout(CALL)
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException _) {
      return 0;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private void pause(long millis) {
    try {
      if (stop.await(millis, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isStopping() {
    return stop.getCount() == 0 || Thread.currentThread().isInterrupted();
  }

  /** Returns once the calls under way have ended. */
  @Override
  public void close() {
    stop.countDown();
    try {
      for (Thread sender : senders) {
        sender.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    http.close();
  }
}
