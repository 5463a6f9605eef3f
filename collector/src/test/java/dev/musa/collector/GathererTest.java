package dev.musa.collector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.collector.SplitRequest.Part;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GathererTest {
  private static final Duration FOR_EVER = Duration.ofDays(1);
  private static final int MAX_RECORD = 1000;

  private record Sent(
      Signal signal, int partition, String value, RecordHeaders headers, Callback callback) {}

  private final List<Sent> sent = new CopyOnWriteArrayList<>();
  private final List<String> answers = new CopyOnWriteArrayList<>();
  private final List<Gatherer> made = new ArrayList<>();
  private volatile int kafkasLimit = Integer.MAX_VALUE;

  @AfterEach
  void close() {
    made.forEach(Gatherer::close);
  }

  private Gatherer gatherer(Duration linger) {
    Gatherer gatherer = new Gatherer(linger, MAX_RECORD, this::send);
    made.add(gatherer);
    gatherer.start();
    return gatherer;
  }

  private void send(
      Signal signal, int partition, byte[] value, RecordHeaders headers, Callback callback) {
    sent.add(new Sent(signal, partition, new String(value, UTF_8), headers, callback));
    callback.onCompletion(
        null, value.length > kafkasLimit ? new RecordTooLargeException("too large") : null);
  }

  private void add(Gatherer gatherer, int partition, String value, @Nullable String peer) {
    gatherer.add(
        Signal.LOGS,
        new Part(partition, value.getBytes(UTF_8), 2),
        new RecordHeaders("shop", "west", 0, 5 + value.length(), peer, null),
        (_, problem) -> answers.add(value + (problem == null ? "" : " " + problem.getMessage())));
  }

  private List<String> values() {
    return sent.stream().map(Sent::value).toList();
  }

  @Test
  void partsForOnePartition_becomeOneRecord_withTheHeadersOfTheFirst() {
    Gatherer gatherer = gatherer(FOR_EVER);
    add(gatherer, 1, "a", null);
    add(gatherer, 2, "b", null);
    add(gatherer, 1, "cc", null);
    assertThat(sent).isEmpty();

    gatherer.close();

    assertThat(values()).containsExactlyInAnyOrder("acc", "b");
    Sent joined = sent.stream().filter(s -> s.partition() == 1).findFirst().orElseThrow();
    assertThat(joined.signal()).isEqualTo(Signal.LOGS);
    assertThat(joined.headers()).isEqualTo(new RecordHeaders("shop", "west", 4, 6, null, null));
    assertThat(answers).containsExactlyInAnyOrder("a", "cc", "b");
  }

  @Test
  void partsOfDifferentSenders_stayApart() {
    Gatherer gatherer = gatherer(FOR_EVER);
    add(gatherer, 0, "a", "10.0.0.1");
    add(gatherer, 0, "b", null);
    add(gatherer, 0, "c", "10.0.0.2");
    add(gatherer, 0, "d", "10.0.0.1");

    gatherer.close();

    assertThat(values()).containsExactlyInAnyOrder("ad", "b", "c");
  }

  @Test
  void ofMoreSendersThanWait_theFirstGoes() {
    Gatherer gatherer = gatherer(FOR_EVER);
    for (int sender = 0; sender < 10; sender++) {
      add(gatherer, 0, "s" + sender, "10.0.0." + sender);
    }
    assertThat(values()).containsExactly("s0", "s1");
  }

  @Test
  void whatWouldExceedARecord_letsTheWaitingGo() {
    Gatherer gatherer = gatherer(FOR_EVER);
    add(gatherer, 0, "a".repeat(600), null);
    add(gatherer, 0, "b".repeat(400), null);
    assertThat(sent).isEmpty();
    add(gatherer, 0, "c", null);
    assertThat(values()).containsExactly("a".repeat(600) + "b".repeat(400));
  }

  @Test
  void whatIsAsLargeAsARecord_doesNotWait() {
    Gatherer gatherer = gatherer(FOR_EVER);
    add(gatherer, 0, "a".repeat(MAX_RECORD), null);
    assertThat(values()).containsExactly("a".repeat(MAX_RECORD));
  }

  @Test
  void withoutLinger_nothingWaits() {
    add(gatherer(Duration.ZERO), 0, "a", null);
    assertThat(values()).containsExactly("a");
  }

  @Test
  void afterTheLinger_whatWaitsGoesByItself() {
    Gatherer gatherer = gatherer(Duration.ofMillis(20));
    for (String value : List.of("a", "b", "c")) {
      add(gatherer, 0, value, null);
      RunningCollector.await(() -> answers.contains(value), "the answer for " + value);
    }
    assertThat(values()).containsExactly("a", "b", "c");
  }

  @Test
  void afterTheEnd_nothingWaits() {
    Gatherer gatherer = gatherer(FOR_EVER);
    gatherer.close();
    add(gatherer, 0, "a", null);
    assertThat(values()).containsExactly("a");
  }

  /** A limit of the topic below the collector's must not cost what was joined by chance. */
  @Test
  void recordTooLargeForKafka_isSentPartByPart() {
    kafkasLimit = 3;
    Gatherer gatherer = gatherer(FOR_EVER);
    add(gatherer, 0, "aa", null);
    add(gatherer, 0, "bbbb", null);
    add(gatherer, 0, "cc", null);

    gatherer.close();

    assertThat(values()).containsExactly("aabbbbcc", "aa", "bbbb", "cc");
    assertThat(sent.getLast().headers().items()).isEqualTo(2);
    assertThat(answers).containsExactly("aa", "bbbb too large", "cc");
  }

  @Test
  void fromManyThreads_nothingIsLostOrDoubled() throws InterruptedException {
    Gatherer gatherer = gatherer(Duration.ofMillis(1));
    AtomicInteger answered = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      String name = String.valueOf((char) ('a' + t));
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 5000; i++) {
                  gatherer.add(
                      Signal.TRACES,
                      new Part(i % 3, name.getBytes(UTF_8), 1),
                      new RecordHeaders("shop", "west", 0, 5, null, null),
                      (_, _) -> answered.incrementAndGet());
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    gatherer.close();

    RunningCollector.await(() -> answered.get() == 20_000, "all answers");
    char[] all = String.join("", values()).toCharArray();
    Arrays.sort(all);
    assertThat(new String(all))
        .isEqualTo("a".repeat(5000) + "b".repeat(5000) + "c".repeat(5000) + "d".repeat(5000));
    assertThat(sent.stream().mapToInt(s -> s.headers().items()).sum()).isEqualTo(20_000);
    assertThat(sent).hasSizeLessThan(10_000);
  }
}
