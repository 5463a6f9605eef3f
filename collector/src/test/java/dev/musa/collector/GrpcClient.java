package dev.musa.collector;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import dev.musa.schemas.Signal;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A grpc-netty client that sends whatever bytes it is given. */
final class GrpcClient implements AutoCloseable {
  private static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private final ManagedChannel channel;

  GrpcClient(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  ManagedChannel channel() {
    return channel;
  }

  byte[] export(Signal signal, byte[] request) {
    return ClientCalls.blockingUnaryCall(channel, method(signal), options(), request);
  }

  byte[] exportGzip(Signal signal, byte[] request) {
    return ClientCalls.blockingUnaryCall(
        channel, method(signal), options().withCompression("gzip"), request);
  }

  /** With the header that Loki, Tempo and Mimir would believe. */
  byte[] exportClaimingTenant(Signal signal, byte[] request, String tenant) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("X-Scope-OrgID", Metadata.ASCII_STRING_MARSHALLER), tenant);
    return ClientCalls.blockingUnaryCall(
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
        method(signal),
        options(),
        request);
  }

  ListenableFuture<byte[]> exportAsync(Signal signal, byte[] request) {
    return ClientCalls.futureUnaryCall(newCall(signal), request);
  }

  ClientCall<byte[], byte[]> newCall(Signal signal) {
    return channel.newCall(method(signal), options());
  }

  private static CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  static MethodDescriptor<byte[], byte[]> method(Signal signal) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(ExportMethods.service(signal) + "/Export")
        .setRequestMarshaller(BYTES)
        .setResponseMarshaller(BYTES)
        .build();
  }

  /** The delay that the server advises, or null if the client has to give up. */
  static Duration retryDelay(StatusRuntimeException failure) {
    Metadata trailers = failure.getTrailers();
    byte[] details = trailers == null ? null : trailers.get(GrpcStatuses.DETAILS);
    if (details == null) {
      return null;
    }
    try {
      com.google.rpc.Status status = com.google.rpc.Status.parseFrom(details);
      if (status.getCode() != failure.getStatus().getCode().value()) {
        throw new AssertionError("code in details: " + status.getCode());
      }
      com.google.protobuf.Duration delay =
          status.getDetails(0).unpack(RetryInfo.class).getRetryDelay();
      return Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
