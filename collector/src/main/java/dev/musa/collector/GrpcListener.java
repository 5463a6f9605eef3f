package dev.musa.collector;

import dev.musa.schemas.Signal;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Serves OTLP/gRPC and the standard health service. */
final class GrpcListener {
  static final String KEY = "collector.grpc";

  /** The OpenTelemetry SDKs ping every ten seconds and more where users configure it. */
  private static final Duration PERMITTED_PING_INTERVAL = Duration.ofSeconds(10);

  private static final Duration PING_INTERVAL = Duration.ofMinutes(1);
  private static final Duration PING_TIMEOUT = Duration.ofSeconds(20);

  /** What one connection may send ahead of being read. */
  private static final int FLOW_CONTROL_WINDOW = 1 << 20;

  /**
   * Writes a stack trace for each message that is too large, which is the client's fault and
   * counted. Held here because the logging framework would forget the level of a logger that nobody
   * holds.
   */
  private static final Logger STREAM_LOG = Logger.getLogger("io.grpc.netty.NettyServerStream");

  static {
    STREAM_LOG.setLevel(Level.SEVERE);
  }

  private final CollectorConfig config;
  private final GrpcEdge edge;
  private final HealthStatusManager health = new HealthStatusManager();
  private final Server server;

  GrpcListener(CollectorConfig config, GrpcEdge edge) {
    this.config = config;
    this.edge = edge;
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(BindFailure.address(KEY, config.grpc()))
            // A request costs less than handing it to another thread; nothing in it blocks.
            .directExecutor()
            .maxInboundMessageSize(edge.bodies().maxBytes())
            .flowControlWindow(FLOW_CONTROL_WINDOW)
            .permitKeepAliveTime(PERMITTED_PING_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(PING_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(PING_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionAge(config.maxConnectionAge().toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionAgeGrace(config.maxConnectionAgeGrace().toMillis(), TimeUnit.MILLISECONDS)
            .addStreamTracerFactory(OversizeTracer.factory(edge))
            .addService(health.getHealthService());
    for (Signal signal : Signal.values()) {
      builder.addService(
          ServerServiceDefinition.builder(ExportMethods.service(signal))
              .addMethod(ExportMethods.of(signal), new GrpcExportHandler(signal, edge))
              .build());
    }
    server = builder.build();
  }

  void start() {
    try {
      server.start();
    } catch (IOException e) {
      throw BindFailure.of(KEY, config.grpc(), e);
    }
  }

  int port() {
    return server.getPort();
  }

  /** To be called about every second. */
  void refresh(boolean ready) {
    edge.refuseSlowCalls(config.readTimeout());
    ServingStatus status = ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    for (Signal signal : Signal.values()) {
      health.setStatus(ExportMethods.service(signal), status);
    }
  }

  /** Takes no new calls; those in flight go on. */
  void stopAccepting() {
    health.enterTerminalState();
    server.shutdown();
  }

  /** Waits for the calls in flight, then ends those that are left. */
  void close(Duration timeout) {
    try {
      if (!server.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      server.shutdownNow();
    }
  }
}
