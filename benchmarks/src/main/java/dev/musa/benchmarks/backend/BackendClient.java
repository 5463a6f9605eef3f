package dev.musa.benchmarks.backend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/** Asks a backend in another process. */
public final class BackendClient implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;

  public BackendClient(int port) {
    this.url = "http://127.0.0.1:" + port;
  }

  public BackendStats stats() throws InterruptedException {
    return JsonMapper.shared()
        .readValue(
            exchange(HttpRequest.newBuilder(URI.create(url + "/stats")).GET()), BackendStats.class);
  }

  public void reset() throws InterruptedException {
    post("/reset");
  }

  /** From now on delays are measured, of items that were due from now on. */
  public void beginWindow() throws InterruptedException {
    post("/window/begin");
  }

  /** Of items that are due later no delays are measured. */
  public void endWindow() throws InterruptedException {
    post("/window/end");
  }

  private void post(String path) throws InterruptedException {
    exchange(HttpRequest.newBuilder(URI.create(url + path)).POST(BodyPublishers.noBody()));
  }

  private String exchange(HttpRequest.Builder request) throws InterruptedException {
    try {
      HttpResponse<String> answer =
          http.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(answer.uri() + " answered " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException("the backend at " + url + " does not answer", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
