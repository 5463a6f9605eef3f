package dev.musa.app.demo;

import static io.opentelemetry.api.trace.SpanKind.CLIENT;
import static io.opentelemetry.api.trace.SpanKind.INTERNAL;
import static io.opentelemetry.api.trace.SpanKind.SERVER;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanKind;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What visitors and Kubernetes do to the shop: of ten traces two are health checks, five look at
 * products, three buy. One visit in twenty fails, one in twenty is slow (above 600 ms, the others
 * stay below 400 ms).
 */
final class Visits {
  private static final List<String> PROBES = List.of("/livez", "/readyz", "/metrics");
  private static final List<String> VISITORS = List.of("ada", "grace", "edsger", "barbara", "ken");
  private static final int FLOOD = 40;

  private final List<Pod> pods;
  private final RandomGenerator random;

  Visits(List<Pod> pods, RandomGenerator random) {
    this.pods = List.copyOf(pods);
    this.random = random;
  }

  /** The trace of the next visit, by its root. */
  Call next() {
    int kind = random.nextInt(10);
    if (kind < 2) {
      return probe();
    }
    boolean failed = random.nextInt(20) == 0;
    boolean slow = random.nextInt(20) == 0;
    return kind < 7 ? browse(failed, slow) : buy(failed, slow);
  }

  static boolean isProbe(Call root) {
    return root.calls().isEmpty();
  }

  private Call probe() {
    Pod pod = pods.get(random.nextInt(pods.size()));
    String path = PROBES.get(random.nextInt(PROBES.size()));
    return call(
        pod, "GET " + path, SERVER, http("GET", path, 200, "kube-probe/1.33"), 1, false, List.of());
  }

  private Call browse(boolean failed, boolean slow) {
    Call query = query("SELECT id, name, price FROM products", Service.CATALOG, failed, slow);
    Call list = called("catalog.Catalog/List", query.pod(), failed, cacheChatter(), query);
    Call infer =
        call(
            any(Service.PREDICTION),
            "infer",
            INTERNAL,
            Attributes.builder().put("gpu.index", 0).put("model.name", "also-bought").build(),
            5 + random.nextInt(30),
            false,
            List.of());
    Call predict = called("prediction.Model/Predict", infer.pod(), false, List.of(), infer);
    return visit("GET", "/products", failed, list, predict);
  }

  private Call buy(boolean failed, boolean slow) {
    Call update = query("UPDATE stock SET reserved = reserved + $1", Service.STOCK, false, false);
    Call reserve = called("stock.Stock/Reserve", update.pod(), false, stockChatter(), update);
    Call bank =
        call(
            any(Service.PAYMENT),
            "POST",
            CLIENT,
            Attributes.builder()
                .put("server.address", "bank.example")
                .put("http.request.method", "POST")
                .put("http.response.status_code", failed ? 402 : 201)
                .build(),
            working(slow),
            failed,
            failed
                ? List.of(new LogLine(Severity.ERROR, "card declined: insufficient funds"))
                : List.of(new LogLine(Severity.INFO, "card charged")));
    Call charge = called("payment.Payment/Charge", bank.pod(), failed, List.of(), bank);
    Pod checkout = any(Service.CHECKOUT);
    Call place =
        called(
            "checkout.Checkout/PlaceOrder",
            checkout,
            failed,
            List.of(
                failed
                    ? new LogLine(Severity.WARN, "order not placed, the basket is kept")
                    : new LogLine(Severity.INFO, "order placed")),
            outgoing("stock.Stock/Reserve", checkout, reserve, false),
            outgoing("payment.Payment/Charge", checkout, charge, failed));
    return visit("POST", "/checkout", failed, place);
  }

  /**
   * What the visitor sees: the frontend's server span with a client span for each call it makes.
   */
  private Call visit(String method, String path, boolean failed, Call... called) {
    Pod frontend = any(Service.FRONTEND);
    int status = failed ? 500 : 200;
    String visitor = VISITORS.get(random.nextInt(VISITORS.size()));
    List<LogLine> logs = new ArrayList<>();
    logs.add(new LogLine(Severity.DEBUG, "session restored for " + visitor));
    logs.add(new LogLine(Severity.INFO, method + " " + path + " " + status));
    if (failed) {
      logs.add(new LogLine(Severity.ERROR, method + " " + path + " failed: upstream error"));
    }
    Call[] calls = new Call[called.length];
    for (int i = 0; i < called.length; i++) {
      calls[i] = outgoing(called[i].name(), frontend, called[i], called[i].failed());
    }
    Attributes attributes =
        http(method, path, status, "Mozilla/5.0").toBuilder()
            .put("user.email", visitor + "@shop.example")
            .build();
    return call(
        frontend,
        method + " " + path,
        SERVER,
        attributes,
        2 + random.nextInt(20),
        failed,
        logs,
        calls);
  }

  private Call called(String method, Pod pod, boolean failed, List<LogLine> logs, Call... calls) {
    Attributes attributes = Attributes.builder().put("rpc.system", "grpc").build();
    return call(pod, method, SERVER, attributes, 1 + random.nextInt(10), failed, logs, calls);
  }

  private Call outgoing(String method, Pod from, Call target, boolean failed) {
    Attributes attributes =
        Attributes.builder()
            .put("rpc.system", "grpc")
            .put("server.address", target.pod().service().label)
            .build();
    return call(from, method, CLIENT, attributes, 1, failed, List.of(), target);
  }

  private Call query(String statement, Service service, boolean failed, boolean slow) {
    Attributes attributes =
        Attributes.builder()
            .put("db.system.name", "postgresql")
            .put("db.query.text", statement)
            .build();
    List<LogLine> logs =
        failed
            ? List.of(new LogLine(Severity.ERROR, "canceling statement due to lock timeout"))
            : List.of();
    return call(
        any(service), statement.substring(0, 6), CLIENT, attributes, working(slow), failed, logs);
  }

  private long working(boolean slow) {
    return slow ? 600 + random.nextInt(900) : 5 + random.nextInt(80);
  }

  /** A cache that tells of each key, and now and then is being debugged on purpose. */
  private List<LogLine> cacheChatter() {
    Attributes debugged =
        random.nextInt(100) == 0
            ? Attributes.builder().put("debug.session", "d-4711").build()
            : Attributes.empty();
    List<LogLine> lines = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      lines.add(new LogLine(Severity.DEBUG, "cache hit product:" + random.nextInt(500), debugged));
    }
    return lines;
  }

  /** Quiet, but once in a while someone left the trace level on. */
  private List<LogLine> stockChatter() {
    if (random.nextInt(25) != 0) {
      return List.of();
    }
    List<LogLine> lines = new ArrayList<>();
    for (int i = 0; i < FLOOD; i++) {
      lines.add(new LogLine(Severity.TRACE, "row " + i + " examined for reservation"));
    }
    return lines;
  }

  private Pod any(Service service) {
    List<Pod> replicas = pods.stream().filter(pod -> pod.service() == service).toList();
    return replicas.get(random.nextInt(replicas.size()));
  }

  private static Attributes http(String method, String path, int status, String agent) {
    return Attributes.builder()
        .put("http.request.method", method)
        .put("url.path", path)
        .put("http.route", path)
        .put("http.response.status_code", status)
        .put("user_agent.original", agent)
        .build();
  }

  private static Call call(
      Pod pod,
      String name,
      SpanKind kind,
      Attributes attributes,
      long ownMillis,
      boolean failed,
      List<LogLine> logs,
      Call... calls) {
    return new Call(pod, name, kind, attributes, ownMillis, failed, logs, List.of(calls));
  }
}
