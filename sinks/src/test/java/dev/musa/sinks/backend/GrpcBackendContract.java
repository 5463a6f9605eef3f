package dev.musa.sinks.backend;

import dev.musa.sinks.testing.OtlpGrpcStub;
import io.grpc.Status;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** The contract of backends over gRPC. */
abstract class GrpcBackendContract<S extends OtlpGrpcStub> extends BackendContract<S> {

  @Override
  URI url(S stub) {
    return stub.url();
  }

  @Override
  List<String> stored(S stub) {
    return stub.stored();
  }

  @Override
  void failNext(S stub, int times) {
    stub.answerNext(times, OtlpGrpcStub.refusal(Status.Code.UNAVAILABLE, "starting"));
  }

  @Override
  void throttleNext(S stub, int times) {
    stub.answerNext(
        times,
        OtlpGrpcStub.refusal(
            Status.Code.RESOURCE_EXHAUSTED, "RATE_LIMITED: slow down", Duration.ofSeconds(3)));
  }

  @Override
  void refuseCredentialsNext(S stub, int times) {
    stub.answerNext(times, OtlpGrpcStub.refusal(Status.Code.UNAUTHENTICATED, "who are you"));
  }
}
