package dev.musa.app.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** A little of the demo's traffic, for a run that only warms up. */
public final class Sample {
  private static final Duration FLUSH_LIMIT = Duration.ofSeconds(10);

  private Sample() {}

  /** Sends it to the OTLP gRPC port and to the OTLP HTTP port of this machine. */
  public static void send(int grpcPort, int httpPort, int traces, Instant now) {
    send(new Endpoint.Grpc("http://127.0.0.1:" + grpcPort, "gzip"), traces, now);
    send(new Endpoint.Http("http://127.0.0.1:" + httpPort, "gzip"), traces, now);
  }

  private static void send(Endpoint endpoint, int traces, Instant now) {
    List<Pod> pods = Pod.all();
    Visits visits = new Visits(pods, new Random(1));
    try (Shop shop = new Shop(pods, endpoint, new Sent())) {
      for (int i = 0; i < traces; i++) {
        shop.play(visits.next(), now);
      }
      shop.flush(FLUSH_LIMIT);
    }
  }
}
