package dev.musa.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** As much of a Kubernetes API as gives whoever comes a Lease; it has nothing else. */
final class LeaseServer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpServer server;
  private @Nullable ObjectNode lease;
  private int version;

  private LeaseServer(HttpServer server) {
    this.server = server;
  }

  static LeaseServer start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    LeaseServer leases = new LeaseServer(server);
    server.createContext("/", leases::answer);
    server.start();
    return leases;
  }

  String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}]
    users: [{name: test, user: {}}]
    contexts: [{name: test, context: {cluster: test, user: test}}]
    current-context: test
    """
        .formatted(server.getAddress().getPort());
  }

  /** On the server's one thread. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      boolean isLease = exchange.getRequestURI().getPath().contains("/leases");
      if (isLease && body.length > 0) {
        ObjectNode told = (ObjectNode) JSON.readTree(body);
        version++;
        told.withObject("metadata").put("resourceVersion", Integer.toString(version));
        lease = told;
      }
      boolean isThere = isLease && lease != null;
      byte[] answer = String.valueOf(isThere ? lease : JSON.createObjectNode()).getBytes(UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(
          isThere ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_NOT_FOUND, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
