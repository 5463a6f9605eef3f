package dev.musa.runtime.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small HTTP/1.1 server that answers GET by path. It has a few threads of its own, platform ones:
 * it has to answer also when the rest of the process is at its limit.
 */
final class HttpServer {

  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
  private static final int MAX_THREADS = 6;
  private static final int IDLE_THREAD_MILLIS = 30_000;
  private static final int IDLE_CONNECTION_MILLIS = 60_000;
  private static final int SHUTDOWN_IDLE_MILLIS = 100;
  private static final int STOP_MILLIS = 2_000;

  private final String name;
  private final ListenAddress address;
  private final Map<String, Function<HttpQuery, HttpAnswer>> routes = new ConcurrentSkipListMap<>();
  private @Nullable Server server;
  private volatile @Nullable ServerConnector connector;

  HttpServer(String name, ListenAddress address) {
    this.name = name;
    this.address = address;
  }

  void route(String path, Function<HttpQuery, HttpAnswer> route) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("path is '" + path + "' (expected: it begins with /)");
    }
    if (routes.putIfAbsent(path, route) != null) {
      throw new IllegalArgumentException("path '" + path + "' is taken (expected: another one)");
    }
  }

  void start() {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 1, IDLE_THREAD_MILLIS);
    threads.setName(name);
    threads.setReservedThreads(0);
    threads.setDaemon(true);
    Server starting = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    // No acceptor thread: the selector accepts.
    ServerConnector listening =
        new ServerConnector(starting, 0, 1, new HttpConnectionFactory(http));
    listening.setHost(address.host());
    listening.setPort(address.port());
    listening.setIdleTimeout(IDLE_CONNECTION_MILLIS);
    listening.setShutdownIdleTimeout(SHUTDOWN_IDLE_MILLIS);
    starting.addConnector(listening);
    starting.setHandler(new GracefulHandler(new Routing()));
    starting.setStopTimeout(STOP_MILLIS);
    try {
      starting.start();
    } catch (Exception e) {
      stop(starting);
      throw address.bindFailure(e);
    }
    server = starting;
    connector = listening;
  }

  /** Finishes the requests at hand; further calls do nothing. */
  void stop() {
    Server stopping = server;
    server = null;
    connector = null;
    if (stopping != null) {
      stop(stopping);
    }
  }

  boolean isRunning() {
    ServerConnector listening = connector;
    return listening != null && listening.isRunning();
  }

  /** The port in use, also where 0 was asked for. */
  int port() {
    ServerConnector listening = connector;
    if (listening == null) {
      throw new IllegalStateException(name + " server is not running (expected: started)");
    }
    return listening.getLocalPort();
  }

  private void stop(Server stopping) {
    try {
      stopping.stop();
    } catch (Exception e) {
      log.atWarn().addKeyValue("server", name).setCause(e).log("requests were cut off by stopping");
    }
  }

  private HttpAnswer answer(Request request) {
    String path = Request.getPathInContext(request);
    Function<HttpQuery, HttpAnswer> route = routes.get(path);
    if (route == null) {
      return HttpAnswer.text(404, "not here (expected: one of " + routes.keySet() + ")");
    }
    Map<String, String> parameters = new HashMap<>();
    for (Fields.Field field : Request.extractQueryParameters(request)) {
      parameters.put(field.getName(), field.getValues().getLast());
    }
    String accept = request.getHeaders().get(HttpHeader.ACCEPT);
    try {
      return route.apply(new HttpQuery(path, accept == null ? "" : accept, parameters));
    } catch (RuntimeException e) {
      log.atError().addKeyValue("path", path).setCause(e).log("request failed");
      return HttpAnswer.text(500, "failed, see the log");
    }
  }

  private final class Routing extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      HttpAnswer answer;
      if (HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod())) {
        answer = answer(request);
      } else {
        response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
        answer = HttpAnswer.text(405, request.getMethod() + " is not supported (expected: GET)");
      }
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      response.setStatus(answer.status());
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.contentType());
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
      response.write(true, ByteBuffer.wrap(body), callback);
      return true;
    }
  }
}
