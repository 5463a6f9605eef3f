package dev.musa.collector;

import dev.musa.runtime.grpc.MessageStream;
import dev.musa.schemas.Signal;
import io.grpc.MethodDescriptor;
import java.io.InputStream;

/**
 * The three OTLP methods, with marshallers that parse nothing: a request is the stream of its
 * bytes, so that the call that holds the budget also reads it.
 */
final class ExportMethods {
  private static final String PACKAGE = "opentelemetry.proto.collector.";

  private static final MethodDescriptor.Marshaller<InputStream> REQUEST =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(InputStream value) {
          return value;
        }

        @Override
        public InputStream parse(InputStream stream) {
          return stream;
        }
      };

  private static final MethodDescriptor.Marshaller<byte[]> RESPONSE =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new MessageStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          throw new UnsupportedOperationException("a server parses no responses");
        }
      };

  private ExportMethods() {}

  static String service(Signal signal) {
    return switch (signal) {
      case TRACES -> PACKAGE + "trace.v1.TraceService";
      case LOGS -> PACKAGE + "logs.v1.LogsService";
      case METRICS -> PACKAGE + "metrics.v1.MetricsService";
    };
  }

  static MethodDescriptor<InputStream, byte[]> of(Signal signal) {
    return MethodDescriptor.<InputStream, byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service(signal), "Export"))
        .setRequestMarshaller(REQUEST)
        .setResponseMarshaller(RESPONSE)
        .build();
  }
}
