package dev.musa.sinks.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.schemas.Signal;
import dev.musa.sinks.flow.Tally;
import dev.musa.sinks.testing.Certificates;
import dev.musa.sinks.testing.DeliveryHarness;
import dev.musa.sinks.testing.Telemetry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every backend over the network has to do, against a server that answers as the real one.
 *
 * @param <S> the stub
 */
abstract class BackendContract<S extends AutoCloseable> {
  static final InstantSource CLOCK = InstantSource.system();

  @TempDir Path directory;
  private final List<AutoCloseable> opened = new ArrayList<>();

  abstract Signal signal();

  abstract EndpointConfig defaults();

  /**
   * @param certificates null for plain text
   */
  abstract S start(Certificates certificates);

  abstract URI url(S stub);

  abstract Backend backend(EndpointConfig config);

  /** Ids of what the stub has stored. */
  abstract List<String> stored(S stub);

  /** Makes the next requests fail as a server does that is overloaded or starting. */
  abstract void failNext(S stub, int times);

  /** Makes the next requests fail as a server does that asks to wait 3 s. */
  abstract void throttleNext(S stub, int times);

  /** Makes the next requests fail as a server does that does not know the credentials. */
  abstract void refuseCredentialsNext(S stub, int times);

  S plain() {
    return remember(start(null));
  }

  Backend to(S stub) {
    return open(defaults().withEndpoint(url(stub)));
  }

  Backend open(EndpointConfig config) {
    return remember(backend(config));
  }

  <T extends AutoCloseable> T remember(T closeable) {
    opened.add(closeable);
    return closeable;
  }

  static List<String> ids(int n) {
    return IntStream.range(0, n).mapToObj(i -> "item-" + i).toList();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (var each : opened.reversed()) {
      each.close();
    }
  }

  @Test
  void storesEveryItem() throws Exception {
    var stub = plain();
    var harness = new DeliveryHarness(signal(), to(stub));

    var tally = harness.deliver("a", List.of(ids(50), List.of("more")));

    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(51);
    assertThat(stored(stub)).hasSize(51).containsAll(ids(50)).contains("more");
  }

  @Test
  void compressedRequests_areUnderstood() throws Exception {
    var stub = plain();
    var config = defaults().withEndpoint(url(stub));
    var gzip =
        new EndpointConfig(
            config.endpoint(),
            null,
            config.orgId(),
            config.headers(),
            Compression.GZIP,
            config.timeout(),
            config.maxRequest());

    new DeliveryHarness(signal(), open(gzip)).deliver("a", List.of(ids(5)));

    assertThat(stored(stub)).containsExactlyElementsOf(ids(5));
  }

  @Test
  void mutualTls_letsTheRightClientIn() throws Exception {
    var certificates = new Certificates(directory);
    var stub = remember(start(certificates));
    var config = defaults().withEndpoint(url(stub)).withTls(certificates.client());

    new DeliveryHarness(signal(), open(config)).deliver("a", List.of(ids(5)));

    assertThat(stored(stub)).containsExactlyElementsOf(ids(5));
  }

  @Test
  void mutualTls_withoutACertificate_isTriedAgain() throws Exception {
    var certificates = new Certificates(directory);
    var stub = remember(start(certificates));
    var config = defaults().withEndpoint(url(stub)).withTls(certificates.stranger());

    var answer = open(config).deliver(signal(), "a", Telemetry.request(signal(), List.of("1")));

    assertThat(answer).isInstanceOf(Answer.Retry.class);
    assertThat(stored(stub)).isEmpty();
  }

  @Test
  @Timeout(60)
  void mutualTls_goesOnByTheFilesThatReplaceTheFirst() throws Exception {
    var certificates = new Certificates(Files.createDirectory(directory.resolve("new")));
    var files = new Certificates(Files.createDirectory(directory.resolve("old"))).client();
    var stub = remember(start(certificates));
    var backend = open(defaults().withEndpoint(url(stub)).withTls(files));
    byte[] request = Telemetry.request(signal(), List.of("1"));
    assertThat(backend.deliver(signal(), "a", request)).isInstanceOf(Answer.Retry.class);

    replace(files.certificate(), certificates.client().certificate());
    replace(files.key(), certificates.client().key());
    replace(files.ca(), certificates.client().ca());

    while (!backend.deliver(signal(), "a", request).equals(Answer.DELIVERED)) {
      Thread.sleep(100);
    }
    assertThat(stored(stub)).containsExactly("1");
  }

  private static void replace(@Nullable Path file, @Nullable Path by) throws IOException {
    Files.copy(
        Objects.requireNonNull(by),
        Objects.requireNonNull(file),
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void serverDown_isTriedAgain() throws Exception {
    var stub = start(null);
    var config = defaults().withEndpoint(url(stub));
    stub.close();

    var answer = open(config).deliver(signal(), "a", Telemetry.request(signal(), List.of("1")));

    assertThat(answer).isInstanceOf(Answer.Retry.class);
  }

  @Test
  void serverThatNeverAnswers_isTriedAgainAfterTheTimeout() throws Exception {
    try (var silent = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      var config =
          new EndpointConfig(
              URI.create("http://localhost:" + silent.getLocalPort()),
              null,
              "a",
              defaults().headers(),
              Compression.NONE,
              Duration.ofMillis(200),
              defaults().maxRequest());

      var answer = open(config).deliver(signal(), "a", Telemetry.request(signal(), List.of("1")));

      assertThat(answer).isInstanceOf(Answer.Retry.class);
    }
  }

  @Test
  void overloadedServer_getsTheSameAgain() throws Exception {
    var stub = plain();
    failNext(stub, 3);
    var harness = new DeliveryHarness(signal(), to(stub));

    var tally = harness.deliver("a", List.of(ids(5)));

    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(5);
    assertThat(harness.pauses()).hasSize(3);
    assertThat(stored(stub)).containsExactlyElementsOf(ids(5));
  }

  @Test
  void serverThatAsksToWait_isWaitedFor() throws Exception {
    var stub = plain();
    throttleNext(stub, 1);
    var harness = new DeliveryHarness(signal(), to(stub));

    var tally = harness.deliver("a", List.of(ids(5)));

    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(5);
    assertThat(harness.pauses()).hasSize(1);
    assertThat(harness.pauses().getFirst()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(6));
  }

  @Test
  void wrongCredentials_stopTheSinkUntilTheyAreRight() throws Exception {
    var stub = plain();
    refuseCredentialsNext(stub, 4);
    var harness = new DeliveryHarness(signal(), to(stub));

    var tally = harness.deliver("a", List.of(ids(5)));

    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(5);
    assertThat(harness.pauses()).hasSize(4).containsOnly(Duration.ofSeconds(5));
  }

  @Test
  void poisonousItem_isDeadLettered_andHarmsNobody() throws Exception {
    var stub = plain();
    var harness = new DeliveryHarness(signal(), to(stub));
    var mixed = new ArrayList<>(ids(20));
    mixed.add(13, Telemetry.POISON);

    var tally = harness.deliver("a", List.of(ids(3), mixed));

    assertThat(harness.deadLetters()).containsExactly(Telemetry.POISON);
    assertThat(tally.items(Tally.DEAD_LETTERED)).isEqualTo(1);
    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(23);
    assertThat(stored(stub)).containsAll(ids(20)).doesNotContain(Telemetry.POISON);
  }

  @Test
  void interruption_givesTheRequestUp() throws Exception {
    try (var silent = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      var backend =
          open(defaults().withEndpoint(URI.create("http://localhost:" + silent.getLocalPort())));
      var givenUp = new java.util.concurrent.CompletableFuture<Boolean>();
      var thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  backend.deliver(signal(), "a", new byte[0]);
                  givenUp.complete(false);
                } catch (InterruptedException e) {
                  givenUp.complete(true);
                }
              });
      thread.interrupt();

      assertThat(givenUp.get(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }
  }
}
