package dev.musa.k8s;

import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.util.HashMap;

/** Makes API servers that keep what they are told and tell it on. */
public final class MockApiServer {
  private MockApiServer() {}

  public static KubernetesMockServer create() {
    return new KubernetesMockServer(
        new Context(), new MockWebServer(), new HashMap<>(), new Dispatcher(), false);
  }

  /**
   * The server's own listener waits at the end of a watch, on the only thread that serves anything,
   * until what it sends is written, by the same thread: 30 s of no answers to anybody.
   */
  private static final class Dispatcher extends KubernetesCrudDispatcher {
    @Override
    public MockResponse handleWatch(String path) {
      MockResponse response = super.handleWatch(path);
      return response.withWebSocketUpgrade(new PatientListener(response.getWebSocketListener()));
    }
  }

  /** Lets the end of a watch wait on a thread of its own. */
  private static final class PatientListener extends WebSocketListener {
    private final WebSocketListener watch;

    PatientListener(WebSocketListener watch) {
      this.watch = watch;
    }

    @Override
    public void onBeforeAccept(WebSocket socket, Response response) {
      watch.onBeforeAccept(socket, response);
    }

    @Override
    public void onOpen(WebSocket socket, Response response) {
      watch.onOpen(socket, response);
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      watch.onClosing(socket, code, reason);
    }

    @Override
    public void onClosed(WebSocket socket, int code, String reason) {
      Thread.startVirtualThread(() -> watch.onClosed(socket, code, reason));
    }

    @Override
    public void onFailure(WebSocket socket, Throwable cause, Response response) {
      Thread.startVirtualThread(() -> watch.onFailure(socket, cause, response));
    }
  }
}
