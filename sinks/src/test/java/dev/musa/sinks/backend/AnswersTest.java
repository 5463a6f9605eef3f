package dev.musa.sinks.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables, row by row as the reference has them. */
class AnswersTest {
  private static final Instant NOW = Instant.parse("2026-11-22T18:00:00Z");

  private static HttpReply http(int status, String text) {
    return new HttpReply(status, "text/plain", "", ByteString.copyFromUtf8(text), NOW);
  }

  private static HttpReply protobuf(int status, String message) {
    return new HttpReply(
        status,
        "application/octet-stream",
        "",
        Status.newBuilder().setMessage(message).build().toByteString(),
        NOW);
  }

  private static String kind(Answer answer) {
    return answer.getClass().getSimpleName();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          204 | ''                                                               | Delivered
          200 | ''                                                               | Delivered
          260 | ingestion blocked for user a until 2027 with status code '260'   | DroppedByBackend
          400 | entry with timestamp 2026 ignored, reason: 'entry too far behind'| Bisect
          400 | entry for stream '{}' has timestamp too old: 2020                | Bisect
          400 | entry for stream '{}' has timestamp too new: 2030                | Bisect
          400 | Max entry size '262144' bytes exceeded for stream '{}'           | Bisect
          400 | stream '{}' has structured metadata too large: '70000' bytes     | Bisect
          400 | stream '{}' has too many structured metadata labels: '129'       | Bisect
          400 | entry for stream '{}' has 16 label names; limit 15               | Bisect
          400 | stream '{}' has label value too long: 'x'                        | Bisect
          400 | couldn't parse push request                                      | Bisect
          400 | org id '..' contains unsupported character                       | Misconfigured
          422 | error at least one valid stream is required                      | Bisect
          413 | request body too large                                           | Split
          429 | per stream rate limit exceeded                                   | Retry
          502 | bad gateway                                                      | Retry
          503 | unavailable                                                      | Retry
          503 | received message larger than max (5000000 vs. 4194304)           | Split
          500 | received message larger than max (5000000 vs. 4194304)           | Split
          504 | timeout                                                          | Retry
          401 | no org id                                                        | Misconfigured
          403 | forbidden                                                        | Misconfigured
          404 | page not found                                                   | Misconfigured
          415 | unsupported                                                      | Misconfigured
          301 | moved                                                            | Misconfigured
          """)
  void loki(int status, String message, String expected) {
    assertThat(kind(LokiAnswers.classify(protobuf(status, message)))).isEqualTo(expected);
    assertThat(kind(LokiAnswers.classify(http(status, message)))).isEqualTo(expected);
  }

  @Test
  void loki_batchOverTheRate_isSplit_belowItIsRetried() {
    var text =
        "ingestion rate limit exceeded for user a (limit: 4194304 bytes/sec) while attempting to"
            + " ingest '9' lines totaling '%d' bytes, reduce log volume";

    assertThat(LokiAnswers.classify(protobuf(429, text.formatted(7_000_000))))
        .isInstanceOfSatisfying(Answer.Split.class, a -> assertThat(a.throttled()).isTrue());
    assertThat(LokiAnswers.classify(protobuf(429, text.formatted(1_000_000))))
        .isInstanceOf(Answer.Retry.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200 | ''                                                      | Delivered     | false
          400 | duplicate sample for timestamp                          | Bisect        | true
          400 | out of order sample                                     | Bisect        | true
          400 | too old sample                                          | Bisect        | true
          400 | out of bounds                                           | Bisect        | true
          400 | out of bounds: timestamp is too far in the future       | Bisect        | false
          400 | invalid TraceID length                                  | Bisect        | false
          500 | invalid temporality and type combination for metric "x" | Doubtful      | false
          413 | too large                                               | Split         | false
          429 | slow down                                               | Retry         | false
          502 | bad gateway                                             | Retry         | false
          503 | unavailable                                             | Retry         | false
          504 | timeout                                                 | Retry         | false
          401 | unauthorized                                            | Misconfigured | false
          403 | forbidden                                               | Misconfigured | false
          404 | otlp write receiver needs to be enabled                 | Misconfigured | false
          415 | unsupported                                             | Misconfigured | false
          """)
  void prometheus(int status, String message, String expected, boolean older) {
    var answer = PrometheusAnswers.classify(http(status, message));

    assertThat(kind(answer)).isEqualTo(expected);
    assertThat(answer instanceof Answer.Bisect bisect && bisect.older()).isEqualTo(older);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INVALID_ARGUMENT   | trace ids must be 128 bit, received 0 bits              | false | Bisect
          INTERNAL           | grpc: error unmarshalling: invalid TraceID length       | false | Bisect
          INTERNAL           | Rst Stream                                              | false | Doubtful
          UNKNOWN            | oops                                                    | false | Doubtful
          RESOURCE_EXHAUSTED | RATE_LIMITED: ingestion rate limit exceeded             | true  | Retry
          RESOURCE_EXHAUSTED | RATE_LIMITED: ingestion rate limit exceeded             | false | Retry
          RESOURCE_EXHAUSTED | RATE_LIMITED: batch size (99 bytes) exceeds             | true  | Split
          RESOURCE_EXHAUSTED | received message larger than max (9 vs. 4)              | false | Split
          RESOURCE_EXHAUSTED | quota                                                   | false | Split
          UNAVAILABLE        | io exception                                            | false | Retry
          UNAVAILABLE        | no org id                                               | false | Misconfigured
          DEADLINE_EXCEEDED  | late                                                    | false | Retry
          CANCELLED          | cancelled                                               | false | Retry
          ABORTED            | aborted                                                 | false | Retry
          OUT_OF_RANGE       | range                                                   | false | Retry
          DATA_LOSS          | loss                                                    | false | Retry
          UNIMPLEMENTED      | unknown service                                         | false | Misconfigured
          UNAUTHENTICATED    | who are you                                             | false | Misconfigured
          PERMISSION_DENIED  | no                                                      | false | Misconfigured
          NOT_FOUND          | no                                                      | false | Misconfigured
          FAILED_PRECONDITION| no                                                      | false | Bisect
          """)
  void tempo(String code, String message, boolean retryInfo, String expected) {
    var reply =
        new GrpcReply(
            io.grpc.Status.Code.valueOf(code),
            message,
            retryInfo,
            retryInfo ? Duration.ofSeconds(5) : Duration.ZERO);

    assertThat(kind(TempoAnswers.classify(reply))).isEqualTo(expected);
  }

  @Test
  void everyGrpcCode_hasAnAnswer() {
    for (var code : io.grpc.Status.Code.values()) {
      var reply = new GrpcReply(code, "text", false, Duration.ZERO);
      assertThat(OtlpGrpcAnswers.classify(reply)).isNotNull();
    }
  }

  @Test
  void otlpHttp_followsTheSpecification() {
    Function<Integer, String> kind = status -> kind(OtlpHttpAnswers.classify(http(status, "x")));

    assertThat(kind.apply(429)).isEqualTo("Retry");
    assertThat(kind.apply(503)).isEqualTo("Retry");
    assertThat(kind.apply(500)).isEqualTo("Doubtful");
    assertThat(kind.apply(501)).isEqualTo("Doubtful");
    assertThat(kind.apply(400)).isEqualTo("Bisect");
    assertThat(kind.apply(413)).isEqualTo("Split");
    assertThat(kind.apply(302)).isEqualTo("Misconfigured");
  }

  @Test
  void partialSuccess_isReadFromAnySignal() {
    var body =
        ExportLogsServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportLogsPartialSuccess.newBuilder()
                    .setRejectedLogRecords(3)
                    .setErrorMessage("too long"))
            .build()
            .toByteString();

    assertThat(OtlpHttpAnswers.classify(new HttpReply(200, "", "", body, NOW)))
        .isEqualTo(new Answer.Delivered(3, "too long"));
    assertThat(OtlpHttpAnswers.classify(http(200, "{}"))).isEqualTo(Answer.DELIVERED);
  }

  @Test
  void retryAfter_isReadInSeconds_asADate_andFromRetryInfo() {
    var info =
        Status.newBuilder()
            .addDetails(
                Any.pack(
                    RetryInfo.newBuilder()
                        .setRetryDelay(com.google.protobuf.Duration.newBuilder().setSeconds(9))
                        .build()))
            .build()
            .toByteString();

    assertThat(wait("5", ByteString.EMPTY)).isEqualTo(Duration.ofSeconds(5));
    assertThat(wait("Sun, 22 Nov 2026 18:00:30 GMT", ByteString.EMPTY))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(wait("Sun, 22 Nov 2026 17:00:30 GMT", ByteString.EMPTY)).isEqualTo(Duration.ZERO);
    assertThat(wait("soon", ByteString.EMPTY)).isEqualTo(Duration.ZERO);
    assertThat(wait("", info)).isEqualTo(Duration.ofSeconds(9));
    assertThat(wait("", ByteString.EMPTY)).isEqualTo(Duration.ZERO);
  }

  private static Duration wait(String retryAfter, ByteString body) {
    return new HttpReply(503, "application/x-protobuf", retryAfter, body, NOW).waitFor();
  }
}
