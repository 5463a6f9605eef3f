package dev.musa.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks real backends for what they have. */
final class BackendQuery {
  private static final String TENANT = "default";
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = new JsonMapper();

  private BackendQuery() {}

  /** What a query of Loki or Prometheus found. */
  static JsonNode result(URI query) {
    HttpResponse<byte[]> response = get(query, "application/json");
    assertThat(response.statusCode()).as("%s: %s", query, text(response)).isEqualTo(200);
    return JSON.readTree(response.body()).path("data").path("result");
  }

  static HttpResponse<byte[]> get(URI query, String accept) {
    HttpRequest request =
        HttpRequest.newBuilder(query)
            .timeout(Duration.ofSeconds(30))
            .header("Accept", accept)
            .header("X-Scope-OrgID", TENANT)
            .build();
    try {
      return HTTP.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new AssertionError("no answer from " + query + ": " + e, e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }

  static long nanos(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }

  static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
