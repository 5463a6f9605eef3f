package dev.musa.sinks.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.tls.TlsFiles;
import dev.musa.schemas.Signal;
import dev.musa.sinks.flow.Tally;
import dev.musa.sinks.testing.Certificates;
import dev.musa.sinks.testing.DeliveryHarness;
import dev.musa.sinks.testing.PrometheusStub;
import dev.musa.sinks.testing.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class PrometheusBackendTest extends HttpBackendContract<PrometheusStub> {

  @Override
  Signal signal() {
    return Signal.METRICS;
  }

  @Override
  EndpointConfig defaults() {
    return EndpointConfig.off("", DataSize.ofMebibytes(1));
  }

  @Override
  PrometheusStub start(Certificates certificates) {
    return new PrometheusStub(certificates == null ? null : certificates.serverContext());
  }

  @Override
  Backend backend(EndpointConfig config) {
    return Backends.prometheus(config, TlsFiles.of(config.tls()), CLOCK);
  }

  @Override
  List<String> stored(PrometheusStub stub) {
    return List.copyOf(stub.samples().keySet());
  }

  private static ConsumerRecord<byte[], byte[]> sample(long offset, String series, long milli) {
    return Telemetry.record(
        "musa.metrics", 0, offset, "a", 1, Telemetry.metrics(List.of(series), milli).toByteArray());
  }

  @Test
  void sendsNoTenant_becausePrometheusHasNone() throws Exception {
    var stub = plain();

    new DeliveryHarness(Signal.METRICS, to(stub)).deliver("a", List.of(ids(1)));

    var request = stub.requests().getFirst();
    assertThat(request.path()).isEqualTo("/api/v1/otlp/v1/metrics");
    assertThat(request.headers()).doesNotContainKey("x-scope-orgid");
    assertThat(request.header("content-type")).isEqualTo("application/x-protobuf");
  }

  @Test
  void sampleInTheFuture_isDeadLettered_theOthersAreStored() throws Exception {
    var stub = plain();
    var harness = new DeliveryHarness(Signal.METRICS, to(stub));
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    records.add(sample(0, "good", Telemetry.NOW_MILLI));
    records.add(sample(1, "late", Telemetry.NOW_MILLI + Duration.ofHours(1).toMillis()));
    records.add(sample(2, "other", Telemetry.NOW_MILLI));

    var tally = harness.deliver(records);

    assertThat(stored(stub)).containsExactlyInAnyOrder("good", "other");
    assertThat(harness.deadLetters()).containsExactly("late");
    assertThat(tally.items(Tally.DEAD_LETTERED)).isEqualTo(1);
  }

  @Test
  void resendOfStoredSamples_withoutAWindow_isUncertain() throws Exception {
    var stub = plain();
    stub.setOutOfOrderWindow(Duration.ZERO);
    var records =
        List.of(
            sample(0, "series", Telemetry.NOW_MILLI - 2),
            sample(1, "series", Telemetry.NOW_MILLI - 1));
    new DeliveryHarness(Signal.METRICS, to(stub)).deliver(records);
    var afterACrash = new DeliveryHarness(Signal.METRICS, to(stub)).afterARestart();

    var tally = afterACrash.deliver(records);

    // The latest sample may be repeated; the one before it is out of order now.
    assertThat(tally.items(Tally.UNCERTAIN)).isEqualTo(1);
    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(1);
    assertThat(afterACrash.letters()).isEmpty();
  }

  @Test
  void receiverOff_stopsTheSink() throws Exception {
    var stub = plain();
    stub.setReceiverOff(true);

    var answer =
        to(stub).deliver(Signal.METRICS, "a", Telemetry.request(Signal.METRICS, List.of("1")));

    assertThat(answer).isInstanceOf(Answer.Misconfigured.class);
  }

  @Test
  void metricWithoutPoints_isLeftOut_whileItsNeighboursAreStored() throws Exception {
    var stub = plain();
    var harness = new DeliveryHarness(Signal.METRICS, to(stub));
    var builder = Telemetry.metrics(List.of("1", "2"), Telemetry.NOW_MILLI).toBuilder();
    builder
        .getResourceMetricsBuilder(0)
        .getScopeMetricsBuilder(0)
        .addMetrics(
            Telemetry.gauge("empty", "x", 0).toBuilder()
                .setGauge(io.opentelemetry.proto.metrics.v1.Gauge.getDefaultInstance()));

    var tally =
        harness.deliver(
            List.of(Telemetry.record("musa.metrics", 0, 0, "a", 2, builder.build().toByteArray())));

    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(2);
    assertThat(harness.letters()).isEmpty();
    assertThat(stored(stub)).containsExactlyInAnyOrder("1", "2");
  }
}
