package dev.musa.sinks.backend;

import dev.musa.sinks.testing.HttpStub;
import java.net.URI;

/** The contract of backends over HTTP. */
abstract class HttpBackendContract<S extends HttpStub> extends BackendContract<S> {

  @Override
  URI url(S stub) {
    return stub.url();
  }

  @Override
  void failNext(S stub, int times) {
    stub.answerNext(times, HttpStub.Response.text(503, "starting"));
  }

  @Override
  void throttleNext(S stub, int times) {
    stub.answerNext(times, HttpStub.Response.text(429, "slow down").withHeader("retry-after", "3"));
  }

  @Override
  void refuseCredentialsNext(S stub, int times) {
    stub.answerNext(times, HttpStub.Response.text(401, "who are you"));
  }
}
