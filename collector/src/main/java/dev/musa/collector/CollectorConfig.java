package dev.musa.collector;

import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.config.Durations;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the collector listens and how much it takes.
 *
 * @param grpc where OTLP/gRPC is served
 * @param http where OTLP/HTTP is served
 * @param insecure whether plaintext may be served beyond loopback
 * @param tenant whose telemetry all of it is
 * @param cluster the cluster that all of it comes from
 * @param maxRequestBytes the largest request, after decompression
 * @param inFlightBytes requests beyond that many bytes between arrival and Kafka's acknowledgement
 *     are refused as retryable
 * @param maxRecordBytes the largest value of a Kafka record; below the topics' {@code
 *     max.message.bytes} with room for headers
 * @param linger how long what comes for a partition waits for more, so that records and batches are
 *     larger; an answer waits as long
 * @param readTimeout by when a request has to be there once it has begun
 * @param retryAfter about when a client should send again what was refused
 * @param deliveryTimeout by when Kafka has to acknowledge
 * @param maxConnectionAge after which gRPC clients are asked to connect again, so that they spread
 *     over new replicas
 * @param maxConnectionAgeGrace how long calls may go on after that
 * @param drainTimeout how long requests in flight may take to end when the collector stops
 * @param recording a file that gets a copy of what is accepted
 */
public record CollectorConfig(
    Endpoint grpc,
    Endpoint http,
    boolean insecure,
    String tenant,
    String cluster,
    DataSize maxRequestBytes,
    DataSize inFlightBytes,
    DataSize maxRecordBytes,
    Duration linger,
    Duration readTimeout,
    Duration retryAfter,
    Duration deliveryTimeout,
    Duration maxConnectionAge,
    Duration maxConnectionAgeGrace,
    Duration drainTimeout,
    Recording recording) {

  private static final long LARGEST_REQUEST = 1L << 30;
  private static final long SMALLEST_RECORD = 1 << 10;
  private static final Duration MILLISECOND = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Duration LONGEST_LINGER = Duration.ofSeconds(1);

  /** One listener; port 0 takes a free one. */
  public record Endpoint(String host, int port) {
    public Endpoint {
      check(!host.isBlank(), "host", "'" + host + "'", "a host name or address");
      check(port >= 0 && port <= 65535, "port", port, "0 to 65535");
    }

    boolean isLoopback() {
      try {
        return InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException _) {
        return false;
      }
    }
  }

  /**
   * A copy of the requests for the bench.
   *
   * @param file null for none
   * @param maxBytes it ends by itself at about that size
   */
  public record Recording(@Nullable Path file, DataSize maxBytes) {
    public static final Recording NONE = new Recording(null, DataSize.ofMebibytes(1024));
  }

  public CollectorConfig {
    checkName("tenant", tenant);
    checkName("cluster", cluster);
    check(
        maxRequestBytes.bytes() > 0 && maxRequestBytes.bytes() <= LARGEST_REQUEST,
        "maxRequestBytes",
        maxRequestBytes,
        "1B to 1GiB");
    check(
        inFlightBytes.bytes() >= maxRequestBytes.bytes() + ByteBudget.OVERHEAD,
        "inFlightBytes",
        inFlightBytes,
        "at least maxRequestBytes, which is " + maxRequestBytes + ", and 4KiB");
    check(
        maxRecordBytes.bytes() >= SMALLEST_RECORD && maxRecordBytes.bytes() <= LARGEST_REQUEST,
        "maxRecordBytes",
        maxRecordBytes,
        "1KiB to 1GiB");
    check(
        !linger.isNegative() && linger.compareTo(LONGEST_LINGER) <= 0,
        "linger",
        Durations.format(linger),
        "0ms to 1s");
    checkDuration("readTimeout", readTimeout, MILLISECOND);
    checkDuration("retryAfter", retryAfter, MILLISECOND);
    checkDuration("deliveryTimeout", deliveryTimeout, Duration.ofSeconds(1));
    checkDuration("maxConnectionAge", maxConnectionAge, Duration.ofSeconds(1));
    checkDuration("maxConnectionAgeGrace", maxConnectionAgeGrace, MILLISECOND);
    checkDuration("drainTimeout", drainTimeout, MILLISECOND);
  }

  public static CollectorConfig defaults() {
    return new CollectorConfig(
        new Endpoint("127.0.0.1", 4317),
        new Endpoint("127.0.0.1", 4318),
        false,
        "default",
        "default",
        DataSize.ofMebibytes(20),
        DataSize.ofMebibytes(64),
        new DataSize(1000 << 10),
        Duration.ofMillis(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(2),
        Duration.ofSeconds(30),
        Duration.ofMinutes(10),
        Duration.ofMinutes(1),
        Duration.ofSeconds(4),
        Recording.NONE);
  }

  private static void checkName(String key, String name) {
    check(
        name.matches("[^\\p{Cntrl}]{1,128}"),
        key,
        "'" + name + "'",
        "1 to 128 characters without control characters");
  }

  private static void checkDuration(String key, Duration value, Duration least) {
    check(
        value.compareTo(least) >= 0 && value.compareTo(LONGEST) <= 0,
        key,
        Durations.format(value),
        (least.equals(MILLISECOND) ? "1ms" : "1s") + " to 24h");
  }

  private static void check(boolean holds, String key, Object actual, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(key + ": " + actual + " (expected: " + expected + ")");
    }
  }
}
