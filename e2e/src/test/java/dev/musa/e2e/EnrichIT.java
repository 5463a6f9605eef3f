package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.musa.k8s.Kubeconfig;
import dev.musa.k8s.MockApiServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Kubernetes says of a pod, on what the pod sends; the API is one that keeps what it is told.
 */
class EnrichIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String RULES =
      """
      apiVersion: musa.dev/v1
      kind: Rules
      traces:
        - name: tail
          sample:
            decide: {after: 1s}
            policies:
              - {name: shop, keep: {anySpan: 'resource["k8s.namespace.name"] == "shop"'}}
      """;

  private final KubernetesMockServer api = MockApiServer.create();
  private final Random random = new Random(5);
  private KubernetesClient client;
  @TempDir Path directory;
  private Installation musa;

  @BeforeEach
  void startApi() {
    api.init();
    client = api.createClient();
  }

  @AfterEach
  void stopApi() {
    client.close();
    api.destroy();
  }

  @Test
  void whatAPodSends_saysWhichPodItIs_alsoIfThePodIsKnownLater() throws Exception {
    Path rules = Files.createDirectories(directory.resolve("rules"));
    Files.writeString(rules.resolve("rules.yaml"), RULES);
    Path kubeconfig = Kubeconfig.write(directory.resolve("kubeconfig"), api.getPort());
    musa =
        Installation.in(
            directory,
            """
            rules: {directory: %s}
            kubernetes: {kubeconfig: %s, cluster: default}
            """
                .formatted(rules, kubeconfig));
    String known = create("cart-1", "10.1.0.1");
    try (MusaProcess process = musa.run()) {
      awaitPods(1);
      sendLog("first", known);
      sendTrace(known);
      assertThat(attributesOf("first"))
          .containsEntry("k8s.pod.name", "cart-1")
          .containsEntry("k8s.namespace.name", "shop")
          .containsEntry("k8s.cluster.name", "default")
          .containsEntry("service.instance.id", "shop.cart-1.app")
          .containsEntry("service.version", "1.4.2")
          .containsEntry("service.name", "mine");
      Await.until(
          "the trace is kept, by where its pod is",
          PATIENCE,
          () -> output().resourceSpans().stream().anyMatch(this::isInShop),
          () -> output().resourceSpans());

      // Nobody knows it yet, and its neighbour does not wait for it.
      String later = "5f0c0b7a-0000-4000-8000-000000000001";
      sendLog("early", later);
      sendLog("neighbour", known);
      assertThat(attributesOf("neighbour")).containsEntry("k8s.pod.name", "cart-1");
      assertThat(bodies()).doesNotContain("early");
      process.kill();
    }
    try (MusaProcess process = musa.run()) {
      assertThat(attributesOf("early")).doesNotContainKey("k8s.pod.name");
      Await.until(
          "the ledger balances",
          PATIENCE,
          () -> String.join("\n", ledger()).endsWith("balanced"),
          this::ledger);
      assertThat(ledger()).anyMatch(line -> line.matches(" *waiting +[1-9].*"));
      assertThat(ExportedMetrics.missingOfKubernetesIn(musa.metrics())).isEmpty();
      assertThat(process.interrupt(Duration.ofSeconds(20))).isZero();
    }
  }

  private boolean isInShop(ResourceSpans spans) {
    return attributes(spans.getResource()).getOrDefault("k8s.namespace.name", "").equals("shop");
  }

  private List<String> ledger() {
    try (MusaProcess process = musa.start("ledger")) {
      process.awaitExit(PATIENCE);
      return process.output();
    }
  }

  private OutputFiles output() {
    return new OutputFiles(musa.output());
  }

  private void awaitPods(int pods) {
    String metrics = "http://127.0.0.1:" + musa.ports().admin() + "/metrics";
    Await.until(
        "the processors know the pods",
        PATIENCE,
        () -> MusaProcess.get(metrics).contains("musa_kubernetes_index_pods " + pods + ".0"),
        () -> MusaProcess.get(metrics));
  }

  private String create(String name, String ip) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace("shop")
            .withCreationTimestamp(now)
            .endMetadata()
            .withNewSpec()
            .withNodeName("node-1")
            .endSpec()
            .withNewStatus()
            .withPhase("Running")
            .withPodIP(ip)
            .addNewContainerStatus()
            .withName("app")
            .withContainerID("containerd://c-" + name)
            .withRestartCount(0)
            .withImage("shop/cart:1.4.2")
            .withNewState()
            .withNewRunning()
            .withStartedAt(now)
            .endRunning()
            .endState()
            .endContainerStatus()
            .endStatus()
            .build();
    return client.pods().inNamespace("shop").resource(pod).create().getMetadata().getUid();
  }

  private static Resource resource(String uid) {
    return Resource.newBuilder()
        .addAttributes(Traces.attribute("service.name", "mine"))
        .addAttributes(Traces.attribute("k8s.pod.uid", uid))
        .build();
  }

  private void sendLog(String body, String uid) throws InterruptedException {
    LogsData logs =
        LogsData.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .setResource(resource(uid))
                    .addScopeLogs(
                        ScopeLogs.newBuilder()
                            .addLogRecords(
                                LogRecord.newBuilder()
                                    .setTimeUnixNano(Instant.now().toEpochMilli() * 1_000_000)
                                    .setBody(AnyValue.newBuilder().setStringValue(body)))))
            .build();
    assertThat(Traces.post(musa.ports(), "logs", logs.toByteArray())).isEqualTo(200);
  }

  private void sendTrace(String uid) throws InterruptedException {
    ByteString id = Traces.newTraceId(random);
    TracesData.Builder request =
        Traces.request(
            "mine", List.of(Traces.span(random, id, "work", Duration.ofMillis(5), false)))
            .toBuilder();
    request.getResourceSpansBuilder(0).setResource(resource(uid));
    assertThat(Traces.post(musa.ports(), "traces", request.build().toByteArray())).isEqualTo(200);
  }

  /** Of the resource that has sent this log record, once it has arrived. */
  private Map<String, String> attributesOf(String body) {
    Await.until("'" + body + "' arrives", PATIENCE, () -> bodies().contains(body), this::bodies);
    return output().resourceLogs().stream()
        .filter(resource ->
            resource.getScopeLogs(0).getLogRecords(0).getBody().getStringValue().equals(body))
        .map(resource -> attributes(resource.getResource()))
        .findFirst()
        .orElseThrow();
  }

  private List<String> bodies() {
    return output().logRecords().stream().map(log -> log.getBody().getStringValue()).toList();
  }

  private static Map<String, String> attributes(Resource resource) {
    Map<String, String> attributes = new HashMap<>();
    for (KeyValue each : resource.getAttributesList()) {
      attributes.put(each.getKey(), each.getValue().getStringValue());
    }
    return attributes;
  }
}
