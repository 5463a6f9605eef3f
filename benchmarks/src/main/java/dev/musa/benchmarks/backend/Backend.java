package dev.musa.benchmarks.backend;

import dev.musa.benchmarks.load.ExportMethods;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Signal;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Takes OTLP by gRPC and HTTP on loopback, counts the items and discards them. */
public final class Backend implements AutoCloseable {
  private static final int LARGEST_REQUEST = 64 << 20;

  private final Map<Signal, Counter> counters = Counter.ofAll();
  private final Server grpc;
  private final BackendHttp http;

  /** Listens; port 0 takes a free one. */
  public Backend(int grpcPort, int httpPort) {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), grpcPort))
            .directExecutor()
            .flowControlWindow(4 << 20)
            .maxInboundMessageSize(LARGEST_REQUEST);
    counters.forEach((signal, counter) -> builder.addService(service(signal, counter)));
    try {
      grpc = builder.build().start();
      http = new BackendHttp(httpPort, this);
    } catch (IOException e) {
      throw new StartupException(
          "the backend cannot listen on port %d or %d (%s): choose others, with --grpc-port and --http-port of `bench backend` or --backend-port of `bench`"
              .formatted(grpcPort, httpPort, e.getMessage()),
          e);
    }
  }

  public int grpcPort() {
    return grpc.getPort();
  }

  public int httpPort() {
    return http.port();
  }

  public BackendStats stats() {
    Map<Signal, BackendStats.Received> received = new EnumMap<>(Signal.class);
    counters.forEach((signal, counter) -> received.put(signal, counter.received()));
    return new BackendStats(received);
  }

  void count(Signal signal, InputStream request) throws IOException {
    Counter counter = counters.get(signal);
    if (counter == null) {
      throw new IllegalStateException("no counter for " + signal);
    }
    counter.count(request, nowUnixNanos());
  }

  /** Begins with nothing received. */
  void reset() {
    counters.values().forEach(Counter::reset);
  }

  /** From now on delays are measured, of items that were due from now on. */
  void beginWindow() {
    long now = nowUnixNanos();
    counters.values().forEach(counter -> counter.beginWindow(now));
  }

  /** Of items that are due later no delays are measured. */
  void endWindow() {
    long now = nowUnixNanos();
    counters.values().forEach(counter -> counter.endWindow(now));
  }

  @Override
  public void close() {
    grpc.shutdownNow();
    http.close();
  }

  private static ServerServiceDefinition service(Signal signal, Counter counter) {
    return ServerServiceDefinition.builder(ExportMethods.service(signal))
        .addMethod(ExportMethods.of(signal, new Counting(counter), Empty.REPLY), Backend::startCall)
        .build();
  }

  private static ServerCall.Listener<Boolean> startCall(
      ServerCall<Boolean, Boolean> call, Metadata headers) {
    call.request(2);
    return new ServerCall.Listener<>() {
      @Override
      public void onHalfClose() {
        call.sendHeaders(new Metadata());
        call.sendMessage(true);
        call.close(Status.OK, new Metadata());
      }
    };
  }

  private static long nowUnixNanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /** Counts a request where gRPC would parse it, so that it is copied once only. */
  private record Counting(Counter counter) implements Marshaller<Boolean> {
    @Override
    public InputStream stream(Boolean value) {
      throw new UnsupportedOperationException("a server sends no requests");
    }

    @Override
    public Boolean parse(InputStream stream) {
      try {
        counter.count(stream, nowUnixNanos());
        return true;
      } catch (IOException e) {
        throw new UncheckedIOException("a received gRPC message lies in memory", e);
      }
    }
  }

  /** The answer that says that all is well: an empty message. */
  private enum Empty implements Marshaller<Boolean> {
    REPLY;

    @Override
    public InputStream stream(Boolean value) {
      return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public Boolean parse(InputStream stream) {
      throw new UnsupportedOperationException("a server parses no responses");
    }
  }
}
