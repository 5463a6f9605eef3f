package dev.musa.sinks.testing;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.RetryInfo;
import dev.musa.schemas.Signal;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An OTLP/gRPC server on loopback, plain or with mutual TLS, that takes all three signals. */
public class OtlpGrpcStub implements AutoCloseable {
  private static final Metadata.Key<String> ORG_ID =
      Metadata.Key.of("x-scope-orgid", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final Context.Key<String> TENANT = Context.key("tenant");
  private static final Map<Signal, String> SERVICES =
      Map.of(
          Signal.TRACES, "opentelemetry.proto.collector.trace.v1.TraceService",
          Signal.LOGS, "opentelemetry.proto.collector.logs.v1.LogsService",
          Signal.METRICS, "opentelemetry.proto.collector.metrics.v1.MetricsService");

  private final Server server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final boolean tls;
  private final ScriptedAnswers<StatusRuntimeException> scripted = new ScriptedAnswers<>();
  private final CopyOnWriteArrayList<Request> requests = new CopyOnWriteArrayList<>();
  private final CopyOnWriteArrayList<String> stored = new CopyOnWriteArrayList<>();

  /** A request as it came. */
  public record Request(Signal signal, String tenant, ByteString body) {}

  /**
   * @param mutualTls null for plain text
   * @param maxMessageBytes larger requests get RESOURCE_EXHAUSTED without RetryInfo
   */
  public OtlpGrpcStub(Certificates mutualTls, int maxMessageBytes) {
    this.tls = mutualTls != null;
    try {
      var builder =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .maxInboundMessageSize(maxMessageBytes)
              .executor(executor)
              .intercept(new Tenants());
      for (var signal : Signal.values()) {
        builder.addService(service(signal));
      }
      if (mutualTls != null) {
        builder.sslContext(
            GrpcSslContexts.configure(SslContextBuilder.forServer(mutualTls.serverKeys()))
                .trustManager(mutualTls.trust())
                .clientAuth(ClientAuth.REQUIRE)
                .build());
      }
      this.server = builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives this answer to the next requests, and stores nothing of them. */
  public void answerNext(int times, StatusRuntimeException answer) {
    scripted.add(answer, times);
  }

  public static StatusRuntimeException refusal(Status.Code code, String message) {
    return code.toStatus().withDescription(message).asRuntimeException();
  }

  /** A refusal that says when to come back. */
  public static StatusRuntimeException refusal(Status.Code code, String message, Duration retry) {
    var delay =
        com.google.protobuf.Duration.newBuilder()
            .setSeconds(retry.getSeconds())
            .setNanos(retry.getNano());
    var status =
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .setMessage(message)
            .addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(delay).build()))
            .build();
    var trailers = new Metadata();
    trailers.put(DETAILS, status.toByteArray());
    return code.toStatus().withDescription(message).asRuntimeException(trailers);
  }

  /** What the server does with a request that no script has an answer for; throws a refusal. */
  protected void accept(Request request) {
    var ids = Telemetry.ids(request.signal(), request.body().toByteArray());
    if (ids.stream().anyMatch(id -> id.contains(Telemetry.POISON))) {
      throw refusal(Status.Code.INVALID_ARGUMENT, "an item is invalid");
    }
    store(ids);
  }

  protected final void store(List<String> ids) {
    stored.addAll(ids);
  }

  public URI url() {
    return URI.create((tls ? "https" : "http") + "://localhost:" + server.getPort());
  }

  /** All requests that came, answered by script or not. */
  public List<Request> requests() {
    return requests;
  }

  /** The ids of what was stored, in order, repeats included. */
  public List<String> stored() {
    return new ArrayList<>(stored);
  }

  @Override
  public void close() {
    server.shutdownNow();
    executor.shutdownNow();
  }

  private ServerServiceDefinition service(Signal signal) {
    var export =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(
                MethodDescriptor.generateFullMethodName(SERVICES.get(signal), "Export"))
            .setRequestMarshaller(Bytes.MARSHALLER)
            .setResponseMarshaller(Bytes.MARSHALLER)
            .build();
    return ServerServiceDefinition.builder(SERVICES.get(signal))
        .addMethod(
            export,
            ServerCalls.asyncUnaryCall(
                (byte[] body, StreamObserver<byte[]> out) -> handle(signal, body, out)))
        .build();
  }

  private void handle(Signal signal, byte[] body, StreamObserver<byte[]> out) {
    var request = new Request(signal, TENANT.get(), ByteString.copyFrom(body));
    requests.add(request);
    try {
      var script = scripted.next();
      if (script.isPresent()) {
        throw script.get();
      }
      accept(request);
      out.onNext(new byte[0]);
      out.onCompleted();
    } catch (StatusRuntimeException refusal) {
      out.onError(refusal);
    }
  }

  private static final class Tenants implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      var tenant = headers.get(ORG_ID);
      var context = Context.current().withValue(TENANT, tenant == null ? "" : tenant);
      return Contexts.interceptCall(context, call, headers, next);
    }
  }

  private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    MARSHALLER;

    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream message) {
      try {
        return message.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
