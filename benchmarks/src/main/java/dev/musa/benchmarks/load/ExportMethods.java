package dev.musa.benchmarks.load;

import dev.musa.schemas.Signal;
import io.grpc.MethodDescriptor;

/** The OTLP methods, with marshallers of the caller's choice. */
public final class ExportMethods {
  private static final String PACKAGE = "opentelemetry.proto.collector.";

  private ExportMethods() {}

  public static String service(Signal signal) {
    return switch (signal) {
      case TRACES -> PACKAGE + "trace.v1.TraceService";
      case LOGS -> PACKAGE + "logs.v1.LogsService";
      case METRICS -> PACKAGE + "metrics.v1.MetricsService";
    };
  }

  public static <Q, R> MethodDescriptor<Q, R> of(
      Signal signal, MethodDescriptor.Marshaller<Q> request, MethodDescriptor.Marshaller<R> reply) {
    return MethodDescriptor.<Q, R>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service(signal), "Export"))
        .setRequestMarshaller(request)
        .setResponseMarshaller(reply)
        .build();
  }
}
