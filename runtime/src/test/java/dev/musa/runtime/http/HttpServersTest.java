package dev.musa.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.runtime.metrics.Metrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpServersTest {

  private final PrometheusMeterRegistry registry = Metrics.prometheus();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Health health = Health.ok();
  private final AdminServer admin =
      new AdminServer(new ListenAddress("127.0.0.1", 0, "admin.port"), registry);
  private final HealthServer probes =
      new HealthServer(new ListenAddress("127.0.0.1", 0, "health.port"), () -> health);

  @AfterEach
  void close() {
    admin.close();
    probes.close();
    client.close();
    registry.close();
  }

  @Test
  void metrics_areServedAsPrometheusText() throws Exception {
    registry.counter("musa.items", "tenant", "acme").increment(3);
    admin.start();

    HttpResponse<String> response = get(admin.port(), "/metrics");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(response.headers().map()).doesNotContainKey("server");
    assertThat(response.body())
        .contains("musa_items_total{tenant=\"acme\"} 3.0\n", "jvm_memory_used_bytes");
  }

  @Test
  void metrics_areServedAsOpenMetricsToThoseWhoAccept() throws Exception {
    admin.start();

    HttpResponse<String> response =
        client.send(
            request(admin.port(), "/metrics")
                .header("Accept", "application/openmetrics-text; version=1.0.0; q=0.9, */*;q=0.1")
                .build(),
            BodyHandlers.ofString());

    assertThat(response.headers().firstValue("content-type"))
        .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(response.body()).endsWith("# EOF\n");
  }

  @Test
  void routesCanBeAddedBeforeAndAfterTheStart() throws Exception {
    admin.route("/hello", query -> HttpAnswer.text(200, "hello " + query.parameters().get("who")));
    admin.start();
    admin.route("/late", query -> HttpAnswer.text(202, query.path()));

    assertThat(get(admin.port(), "/hello?who=a&who=%C3%A4").body()).isEqualTo("hello ä\n");
    assertThat(get(admin.port(), "/late").statusCode()).isEqualTo(202);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> admin.route("/metrics", _ -> HttpAnswer.text(200, "")))
        .withMessage("path '/metrics' is taken (expected: another one)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> admin.route("x", _ -> HttpAnswer.text(200, "")))
        .withMessage("path is 'x' (expected: it begins with /)");
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws Exception {
    admin.start();

    HttpResponse<String> elsewhere = get(admin.port(), "/else");
    assertThat(elsewhere.statusCode()).isEqualTo(404);
    assertThat(elsewhere.body()).isEqualTo("not here (expected: one of [/metrics])\n");

    HttpResponse<String> post =
        client.send(
            request(admin.port(), "/metrics").POST(BodyPublishers.ofString("x")).build(),
            BodyHandlers.ofString());
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("allow")).hasValue("GET, HEAD");
    assertThat(post.body()).isEqualTo("POST is not supported (expected: GET)\n");

    HttpResponse<String> head =
        client.send(request(admin.port(), "/metrics").HEAD().build(), BodyHandlers.ofString());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void failingRoutesAnswer500WithoutDetails() throws Exception {
    admin.route(
        "/broken",
        _ -> {
          throw new IllegalStateException("inner workings");
        });
    admin.start();

    HttpResponse<String> response = get(admin.port(), "/broken");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("failed, see the log\n");
  }

  @Test
  void livez_dependsOnNothingAndReadyzOnTheHealth() throws Exception {
    probes.start();
    assertThat(get(probes.port(), "/readyz").statusCode()).isEqualTo(200);

    health = Health.notReady("kafka: ok\nsinks: backend down");

    HttpResponse<String> ready = get(probes.port(), "/readyz");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.body()).isEqualTo("kafka: ok\nsinks: backend down\n");
    HttpResponse<String> live = get(probes.port(), "/livez");
    assertThat(live.statusCode()).isEqualTo(200);
    assertThat(live.body()).isEqualTo("ok\n");
    assertThat(get(probes.port(), "/metrics").statusCode()).isEqualTo(404);
  }

  @Test
  void portsInUseAreRefusedWithTheRemedy() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      AdminServer second =
          new AdminServer(new ListenAddress("127.0.0.1", port, "admin.port"), registry);

      assertThatExceptionOfType(StartupException.class)
          .isThrownBy(second::start)
          .withMessage(
              "port %d (admin.port) on 127.0.0.1 is in use: stop the other process or set"
                  + " admin.port",
              port);
      assertThat(second.health()).isEqualTo(Health.notReady("not listening"));
      second.close();
    }
  }

  @Test
  void addressesOfOtherMachinesAreRefused() {
    for (String host : new String[] {"192.0.2.1", "no-such-host.invalid"}) {
      HealthServer elsewhere =
          new HealthServer(new ListenAddress(host, 0, "health.port"), Health::ok);

      assertThatExceptionOfType(StartupException.class)
          .isThrownBy(elsewhere::start)
          .withMessage(
              "cannot listen on %s, port 0 (health.port): not an address of this machine (expected:"
                  + " one of its own, 127.0.0.1 or 0.0.0.0)",
              host);
    }
  }

  @Test
  void close_finishesTheRequestAtHand() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    admin.route(
        "/slow",
        _ -> {
          begun.countDown();
          await(goOn);
          // Longer than connections without a request are given in closing.
          boolean cut = awaitMillis(never, 500);
          return HttpAnswer.text(200, cut ? "cut" : "done");
        });
    admin.start();
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request(admin.port(), "/slow").build(), BodyHandlers.ofString());
    await(begun);

    Thread closing = Thread.ofVirtual().start(admin::close);
    while (admin.health().ready()) {
      Thread.onSpinWait();
    }
    goOn.countDown();

    assertThat(answer.get().body()).isEqualTo("done\n");
    closing.join();
  }

  @Test
  void close_isIdempotentAndFreesThePort() throws Exception {
    admin.close();
    admin.start();
    assertThat(admin.health()).isEqualTo(Health.ok());
    int port = admin.port();
    get(port, "/metrics"); // leaves an idle connection open

    long begin = System.nanoTime();
    admin.close();
    admin.close();

    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isLessThan(5_000);
    assertThatIllegalStateException().isThrownBy(admin::port);
    AdminServer next =
        new AdminServer(new ListenAddress("127.0.0.1", port, "admin.port"), registry);
    next.start();
    next.close();
  }

  @Test
  void impossibleAddressesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ListenAddress("127.0.0.1", 65536, "admin.port"))
        .withMessage("port is 65536 (expected: 0 to 65535)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ListenAddress(" ", 1, "admin.port"))
        .withMessage("host is empty (expected: an address of this machine)");
  }

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    return client.send(request(port, path).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean awaitMillis(CountDownLatch latch, int millis) {
    try {
      return latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }
}
