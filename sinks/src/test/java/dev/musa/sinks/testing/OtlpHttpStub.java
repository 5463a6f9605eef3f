package dev.musa.sinks.testing;

import com.google.protobuf.ByteString;
import dev.musa.schemas.Signal;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/** Any OTLP/HTTP server that follows the specification: 400 for a request with a poisonous item. */
public final class OtlpHttpStub extends HttpStub {
  private final List<String> stored = new java.util.concurrent.CopyOnWriteArrayList<>();

  public OtlpHttpStub(SSLContext mutualTls) {
    super("/v1/", mutualTls);
  }

  /** The ids of what was stored, in order, repeats included. */
  public List<String> stored() {
    return new ArrayList<>(stored);
  }

  @Override
  protected Response accept(Request request) {
    for (var signal : Signal.values()) {
      if (request.path().equals("/v1/" + signal.label())) {
        return store(Telemetry.ids(signal, request.body().toByteArray()));
      }
    }
    return Response.text(404, "no such signal");
  }

  private Response store(List<String> ids) {
    if (ids.stream().anyMatch(id -> id.contains(Telemetry.POISON))) {
      return Response.status(400, "an item is invalid");
    }
    stored.addAll(ids);
    return new Response(200, "application/x-protobuf", java.util.Map.of(), ByteString.EMPTY);
  }
}
