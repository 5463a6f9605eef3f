package dev.musa.collector;

import static dev.musa.collector.RunningCollector.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrpcExportTest {
  private RunningCollector collector;
  private GrpcClient client;

  private void start(RunningCollector started) {
    collector = started;
    client = new GrpcClient(started.collector().grpcPort());
  }

  @AfterEach
  void close() {
    collector.assertNothingInFlight();
    client.close();
    collector.close();
  }

  @ParameterizedTest
  @EnumSource
  void export_ofEachSignal_isPublishedAndAnsweredWithAnEmptyResponse(Signal signal) {
    start(RunningCollector.acknowledging());

    assertThat(client.export(signal, Samples.request(signal, 5))).isEmpty();

    assertThat(collector.records())
        .isNotEmpty()
        .allMatch(r -> r.topic().equals("musa." + signal.label() + ".raw") && r.key() == null);
    assertThat(collector.items()).isEqualTo(Map.of("accepted", 5L));
    assertThat(collector.requests()).isEqualTo(Map.of("accepted", 1L));
    assertThat(collector.acknowledged(signal)).isEqualTo(1);
  }

  @Test
  void export_compressed_isPublishedUncompressed() {
    start(RunningCollector.acknowledging());
    byte[] request = Samples.compressible(50_000);

    assertThat(client.exportGzip(Signal.LOGS, request)).isEmpty();

    assertThat(collector.records().getFirst().value()).isEqualTo(request);
  }

  @Test
  void export_isAnsweredOnlyWhenEveryRecordIsAcknowledged() throws Exception {
    start(RunningCollector.waitingForKafka());
    byte[] request = Samples.traces(20);

    ListenableFuture<byte[]> response = client.exportAsync(Signal.TRACES, request);
    collector.awaitRecords(RunningCollector.PARTITIONS);
    long split = collector.records().stream().mapToLong(r -> r.value().length).sum();
    assertThat(split).isGreaterThan(request.length);

    for (int i = 1; i < RunningCollector.PARTITIONS; i++) {
      collector.kafka().completeNext();
      assertThat(response.isDone()).isFalse();
      assertThat(collector.inFlightBytes()).isEqualTo(split + ByteBudget.OVERHEAD);
    }
    assertThat(collector.acknowledged(Signal.TRACES)).isZero();
    collector.kafka().completeNext();
    assertThat(response.get(10, TimeUnit.SECONDS)).isEmpty();
    assertThat(collector.acknowledged(Signal.TRACES)).isEqualTo(1);
  }

  @Test
  void whatIsAccepted_canBeCopied() {
    start(RunningCollector.acknowledging());
    List<byte[]> copies = new CopyOnWriteArrayList<>();
    collector.collector().intake().record((_, body) -> copies.add(body));
    byte[] request = Samples.traces(20);

    client.export(Signal.TRACES, request);
    StatusRuntimeException refusal =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> client.export(Signal.TRACES, new byte[] {1, 2, 3}));
    assertThat(refusal).isNotNull();

    assertThat(copies).containsExactly(request);
  }

  @Test
  void emptyRequest_isSuccess() {
    start(RunningCollector.acknowledging());

    assertThat(client.export(Signal.METRICS, new byte[0])).isEmpty();

    assertThat(collector.records()).isEmpty();
    assertThat(collector.items()).isEmpty();
  }

  @Test
  void badItems_areRefusedByPartialSuccess_andTheirNeighboursAccepted() throws Exception {
    start(RunningCollector.acknowledging());
    ScopeSpans.Builder spans =
        ScopeSpans.newBuilder()
            .addSpans(Samples.span(1))
            .addSpans(Samples.span(2).clearTraceId())
            .addSpans(Samples.span(3).clearSpanId())
            .addSpans(Samples.span(4).clearTraceId());

    ExportTraceServiceResponse response =
        ExportTraceServiceResponse.parseFrom(
            client.export(Signal.TRACES, Samples.traces(spans, Samples.resource("shop"))));

    assertThat(response.getPartialSuccess().getRejectedSpans()).isEqualTo(3);
    assertThat(response.getPartialSuccess().getErrorMessage())
        .isEqualTo(
            "3 spans refused: 2 x trace id is not 16 bytes that are not all zero; 1 x span id is"
                + " not 8 bytes that are not all zero");
    assertThat(collector.items())
        .isEqualTo(Map.of("accepted", 1L, "refused trace_id", 2L, "refused span_id", 1L));
  }

  @Test
  void malformedBytes_areInvalidArgument_withTheOffset() {
    start(RunningCollector.acknowledging());
    byte[] request = Samples.traces(3);
    request[1] = (byte) (request[1] + 7); // the length of the first resource

    StatusRuntimeException failure = failure(Signal.TRACES, request);

    assertPermanent(failure, Status.Code.INVALID_ARGUMENT);
    assertThat(failure.getStatus().getDescription()).contains(" at byte ");
    assertThat(collector.records()).isEmpty();
    assertThat(collector.requests()).isEqualTo(Map.of("refused malformed", 1L));
  }

  @Test
  void tooLarge_isResourceExhausted_withoutRetryInfo() {
    start(RunningCollector.acknowledging());

    StatusRuntimeException failure =
        failure(Signal.LOGS, Samples.compressible(RunningCollector.MAX_REQUEST));

    assertPermanent(failure, Status.Code.RESOURCE_EXHAUSTED);
    await(
        () -> collector.requests().equals(Map.of("refused too_large", 1L)), "counted as too large");
  }

  @Test
  void tooLargeAfterDecompression_isResourceExhausted_withoutRetryInfo() {
    start(RunningCollector.acknowledging());
    byte[] bomb = Samples.compressible(20 << 20);

    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> client.exportGzip(Signal.LOGS, bomb));

    assertPermanent(failure, Status.Code.RESOURCE_EXHAUSTED);
    assertThat(failure.getStatus().getDescription()).contains("collector.maxRequestBytes");
    assertThat(collector.records()).isEmpty();
    assertThat(collector.requests()).isEqualTo(Map.of("refused too_large", 1L));
  }

  @Test
  void overBudget_isUnavailable_withRetryInfo_andServesAgainAfterwards() throws Exception {
    start(RunningCollector.waitingForKafka());
    byte[] request = Samples.compressible(60_000);
    int fitting = RunningCollector.IN_FLIGHT / (request.length + ByteBudget.OVERHEAD) - 1;
    var held = new ArrayList<ListenableFuture<byte[]>>();
    for (int i = 0; i < fitting; i++) {
      held.add(client.exportAsync(Signal.LOGS, request));
      collector.awaitRecords(i + 1);
    }

    StatusRuntimeException failure = failure(Signal.LOGS, Samples.compressible(200_000));

    assertRetryable(failure);
    assertThat(failure.getStatus().getDescription()).contains("in flight");
    assertThat(collector.requests()).isEqualTo(Map.of("refused over_budget", 1L));
    for (ListenableFuture<byte[]> response : held) {
      collector.kafka().completeNext();
      assertThat(response.get(10, TimeUnit.SECONDS)).isEmpty();
    }
    collector.assertNothingInFlight();
    ListenableFuture<byte[]> again = client.exportAsync(Signal.LOGS, request);
    collector.awaitRecords(fitting + 1);
    collector.kafka().completeNext();
    assertThat(again.get(10, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void kafkaNeverReached_isUnavailable_withRetryInfo() {
    start(RunningCollector.started(RunningCollector.config(), RunningCollector::unreachable));

    StatusRuntimeException failure = failure(Signal.LOGS, Samples.logs(1));

    assertRetryable(failure);
    assertThat(failure.getStatus().getDescription()).contains("Kafka has not been reached");
    assertThat(collector.collector().health().ready()).isFalse();
  }

  @Test
  void kafkaNotAcknowledgingInTime_isUnavailable_withRetryInfo() throws Exception {
    start(RunningCollector.waitingForKafka());
    ListenableFuture<byte[]> response = client.exportAsync(Signal.LOGS, Samples.logs(7));
    collector.awaitRecords(1);

    collector.kafka().errorNext(new TimeoutException("Expiring 1 record(s)"));

    assertRetryable(failure(response));
    assertThat(collector.items()).isEqualTo(Map.of("refused kafka_unavailable", 7L));
  }

  @Test
  void oneRecordOfSeveralFailing_refusesTheRequest() throws Exception {
    start(RunningCollector.waitingForKafka());
    ListenableFuture<byte[]> response = client.exportAsync(Signal.TRACES, Samples.traces(20));
    collector.awaitRecords(4);

    collector.kafka().completeNext();
    collector.kafka().errorNext(new TimeoutException("Expiring 1 record(s)"));
    collector.kafka().completeNext();
    assertThat(response.isDone()).isFalse();
    collector.kafka().completeNext();

    assertRetryable(failure(response));
    Map<String, Long> items = collector.items();
    assertThat(items.keySet()).containsExactly("accepted", "refused kafka_unavailable");
    assertThat(items.get("accepted") + items.get("refused kafka_unavailable")).isEqualTo(20);
  }

  @Test
  void kafkaSilentForLong_refusesBeforeReading_untilItAnswersAgain() throws Exception {
    start(RunningCollector.waitingForKafka());
    ListenableFuture<byte[]> first = client.exportAsync(Signal.LOGS, Samples.logs(1));
    collector.awaitRecords(1);
    collector.skippedNanos.addAndGet(KafkaPublisher.STALLED_AFTER.plusSeconds(1).toNanos());

    StatusRuntimeException failure = failure(Signal.LOGS, Samples.logs(1));

    assertRetryable(failure);
    assertThat(failure.getStatus().getDescription()).contains("acknowledged nothing for 6 s");
    assertThat(collector.records()).hasSize(1);
    collector.kafka().completeNext();
    assertThat(first.get(10, TimeUnit.SECONDS)).isEmpty();
    assertThat(collector.collector().health().ready()).isTrue();
  }

  @Test
  void notAuthorizedByKafka_isUnavailable_withRetryInfo() throws Exception {
    start(RunningCollector.waitingForKafka());
    ListenableFuture<byte[]> response = client.exportAsync(Signal.LOGS, Samples.logs(2));
    collector.awaitRecords(1);

    collector.kafka().errorNext(new TopicAuthorizationException("musa.logs.raw"));

    StatusRuntimeException failure = failure(response);
    assertRetryable(failure);
    assertThat(failure.getStatus().getDescription()).contains("may not write to Kafka");
    assertThat(collector.items()).isEqualTo(Map.of("refused kafka_not_authorized", 2L));
  }

  @Test
  void recordTooLargeForKafka_isPartialSuccess() throws Exception {
    start(RunningCollector.waitingForKafka());
    ListenableFuture<byte[]> response = client.exportAsync(Signal.TRACES, Samples.traces(20));
    collector.awaitRecords(4);
    long inFirst = items(0);

    collector.kafka().errorNext(new RecordTooLargeException("too large"));
    for (int i = 1; i < 4; i++) {
      collector.kafka().completeNext();
    }

    ExportTraceServiceResponse answer =
        ExportTraceServiceResponse.parseFrom(response.get(10, TimeUnit.SECONDS));
    assertThat(answer.getPartialSuccess().getRejectedSpans()).isEqualTo(inFirst);
    assertThat(answer.getPartialSuccess().getErrorMessage()).contains("Kafka's size limit");
    assertThat(collector.items())
        .isEqualTo(Map.of("accepted", 20 - inFirst, "refused record_too_large", inFirst));
  }

  private long items(int record) {
    return RecordHeaders.read(collector.records().get(record).headers()).items();
  }

  @Test
  void producerThatFailsForGood_isReplaced() throws Exception {
    start(RunningCollector.waitingForKafka());
    ListenableFuture<byte[]> response = client.exportAsync(Signal.LOGS, Samples.logs(2));
    collector.awaitRecords(1);

    collector.kafka().errorNext(new ClusterAuthorizationException("not allowed"));

    assertRetryable(failure(response));
    await(() -> collector.producersMade() == 2, "a second producer");
    ListenableFuture<byte[]> again = client.exportAsync(Signal.LOGS, Samples.logs(2));
    collector.awaitRecords(1);
    collector.kafka().completeNext();
    assertThat(again.get(10, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void gateShut_isUnavailable_withItsReason() {
    start(RunningCollector.acknowledging());
    collector.gate.shut("disk", "4% of the disk is free, 10% are reserved");

    StatusRuntimeException failure = failure(Signal.LOGS, Samples.logs(1));

    assertRetryable(failure);
    assertThat(failure.getStatus().getDescription())
        .isEqualTo("intake is paused: 4% of the disk is free, 10% are reserved");
    collector.gate.open("disk");
    assertThat(client.export(Signal.LOGS, Samples.logs(1))).isEmpty();
  }

  @Test
  void callWithoutMessage_isInvalidArgument() throws Exception {
    start(RunningCollector.acknowledging());
    CompletableFuture<Status> status = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call = open(status);

    call.halfClose();

    assertThat(status.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void callCancelledBeforeItsMessage_givesItsBudgetBack() throws Exception {
    start(RunningCollector.acknowledging());
    CompletableFuture<Status> status = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call = open(status);
    await(() -> collector.inFlightBytes() > 0, "the call has begun");

    call.cancel("changed my mind", null);

    collector.assertNothingInFlight();
    assertThat(collector.requests()).isEmpty();
  }

  @Test
  void callCancelledOnItsWayToKafka_holdsItsBudgetUntilKafkaAnswers() {
    start(RunningCollector.waitingForKafka());
    byte[] request = Samples.logs(3);
    ListenableFuture<byte[]> response = client.exportAsync(Signal.LOGS, request);
    collector.awaitRecords(1);

    response.cancel(true);
    assertThat(client.export(Signal.LOGS, new byte[0])).isEmpty(); // same connection, later
    assertThat(collector.inFlightBytes()).isEqualTo(request.length + ByteBudget.OVERHEAD);

    collector.kafka().completeNext();
    collector.assertNothingInFlight();
    assertThat(collector.items()).isEqualTo(Map.of("accepted", 3L));
  }

  @Test
  void messageThatDoesNotComeInTime_isUnavailable_andGivesItsBudgetBack() throws Exception {
    start(RunningCollector.impatient());
    CompletableFuture<Status> status = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call = open(status);

    assertThat(status.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);

    collector.assertNothingInFlight();
    assertThat(collector.requests()).isEqualTo(Map.of("refused slow_client", 1L));
    call.cancel("test ends", null);
  }

  @Test
  void callThatStaysOpenAfterItsMessage_isUnavailable_andGivesItsBudgetBack() throws Exception {
    start(RunningCollector.impatient());
    CompletableFuture<Status> status = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call = open(status);

    call.sendMessage(Samples.logs(1));

    assertThat(status.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    collector.assertNothingInFlight();
    assertThat(collector.records()).isEmpty();
  }

  @Test
  void health_followsWhetherRequestsAreTaken() {
    start(RunningCollector.acknowledging());
    HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(client.channel());

    for (String service : new String[] {"", ExportMethods.service(Signal.METRICS)}) {
      assertThat(status(health, service)).isEqualTo(ServingStatus.SERVING);
      collector.gate.shut("full");
      await(() -> status(health, service) == ServingStatus.NOT_SERVING, "not serving");
      collector.gate.open();
      await(() -> status(health, service) == ServingStatus.SERVING, "serving");
    }
  }

  private static ServingStatus status(HealthGrpc.HealthBlockingStub health, String service) {
    return health.check(HealthCheckRequest.newBuilder().setService(service).build()).getStatus();
  }

  private ClientCall<byte[], byte[]> open(CompletableFuture<Status> status) {
    // A unary call would send its headers with its message only.
    ClientCall<byte[], byte[]> call =
        client
            .channel()
            .newCall(
                GrpcClient.method(Signal.LOGS).toBuilder()
                    .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                    .build(),
                CallOptions.DEFAULT);
    call.start(listener(status), new Metadata());
    call.request(2);
    return call;
  }

  private static ClientCall.Listener<byte[]> listener(CompletableFuture<Status> status) {
    return new ClientCall.Listener<>() {
      @Override
      public void onClose(Status closed, Metadata trailers) {
        status.complete(closed);
      }
    };
  }

  private StatusRuntimeException failure(Signal signal, byte[] request) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> client.export(signal, request));
  }

  private static StatusRuntimeException failure(ListenableFuture<byte[]> response)
      throws Exception {
    ExecutionException failure =
        catchThrowableOfType(ExecutionException.class, () -> response.get(10, TimeUnit.SECONDS));
    return (StatusRuntimeException) failure.getCause();
  }

  private static void assertRetryable(StatusRuntimeException failure) {
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(GrpcClient.retryDelay(failure))
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
  }

  private static void assertPermanent(StatusRuntimeException failure, Status.Code code) {
    assertThat(failure.getStatus().getCode()).isEqualTo(code);
    assertThat(GrpcClient.retryDelay(failure)).isNull();
  }
}
