package dev.musa.sinks.backend;

import com.google.protobuf.ByteString;
import dev.musa.schemas.Signal;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** OTLP over gRPC: Tempo and any other OTLP endpoint. */
final class OtlpGrpcBackend implements Backend {
  private final ManagedChannel channel;
  private final Options options;
  private final Function<GrpcReply, Answer> table;
  private final Map<Signal, MethodDescriptor<byte[], byte[]>> methods = new EnumMap<>(Signal.class);

  /** What is the same for every request. */
  record Options(
      OrgId orgId, Map<String, String> headers, Compression compression, Duration timeout) {}

  OtlpGrpcBackend(ManagedChannel channel, Options options, Function<GrpcReply, Answer> table) {
    this.channel = channel;
    this.options = options;
    this.table = table;
    for (var signal : Signal.values()) {
      methods.put(signal, exportMethod(signal));
    }
  }

  @Override
  public String orgId(String tenant) {
    return options.orgId().of(tenant);
  }

  @Override
  public Answer deliver(Signal signal, String orgId, byte[] request) throws InterruptedException {
    var method = methods.get(signal);
    if (method == null) {
      throw new IllegalArgumentException("no method for " + signal.label());
    }
    try {
      byte[] response =
          ClientCalls.blockingUnaryCall(channelFor(orgId), method, callOptions(), request);
      return PartialSuccess.read(ByteString.copyFrom(response));
    } catch (StatusRuntimeException refusal) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while waiting for an answer");
      }
      return table.apply(GrpcReply.of(refusal));
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Channel channelFor(String orgId) {
    var metadata = new Metadata();
    options.headers().forEach((name, value) -> metadata.put(key(name), value));
    if (!orgId.isEmpty()) {
      metadata.put(key(OrgId.HEADER), orgId);
    }
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  private CallOptions callOptions() {
    var call =
        CallOptions.DEFAULT.withDeadline(
            Deadline.after(options.timeout().toMillis(), TimeUnit.MILLISECONDS));
    return switch (options.compression()) {
      case NONE -> call;
      case GZIP -> call.withCompression("gzip");
    };
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static MethodDescriptor<byte[], byte[]> exportMethod(Signal signal) {
    var service =
        switch (signal) {
          case TRACES -> "opentelemetry.proto.collector.trace.v1.TraceService";
          case LOGS -> "opentelemetry.proto.collector.logs.v1.LogsService";
          case METRICS -> "opentelemetry.proto.collector.metrics.v1.MetricsService";
        };
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, "Export"))
        .setRequestMarshaller(RawBytes.MARSHALLER)
        .setResponseMarshaller(RawBytes.MARSHALLER)
        .build();
  }
}
