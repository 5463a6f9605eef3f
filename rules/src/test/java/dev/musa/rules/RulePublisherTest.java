package dev.musa.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.rules.publish.Publication;
import dev.musa.rules.publish.PublicationCodec;
import dev.musa.rules.publish.Refusal;
import dev.musa.runtime.kafka.FollowedTopic;
import dev.musa.runtime.lifecycle.StartupException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulePublisherTest {
  private static final String HEADER = "apiVersion: musa.dev/v1\nkind: Rules\n";
  private static final String GOOD = HEADER + "logs: [{name: a, drop: record}]\n";
  private static final String OTHER = HEADER + "logs: [{name: b, drop: record}]\n";
  private static final String BROKEN = HEADER + "logs: [{name: a, dorp: record}]\n";

  @TempDir private Path temp;
  private final TestClock clock = new TestClock();
  private final FakeRulesTopic topic = new FakeRulesTopic();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<String> changes = new ArrayList<>();
  private RulePublisher publisher;

  @AfterEach
  void close() {
    if (publisher != null) {
      publisher.close();
    }
  }

  @Test
  void firstSet_isInForceAtOnce() throws Exception {
    write(GOOD);

    start();

    assertThat(publications()).hasSize(1);
    Publication first = publications().getFirst();
    assertThat(first.activeFromUnixMilli()).isEqualTo(clock.millis());
    assertThat(first.files()).containsEntry("rules.yaml", GOOD);
    assertThat(first.version()).isEqualTo(RuleSet.versionOf(first.files()));
    assertThat(publisher.status()).startsWith("rules " + first.version() + " from ");
    assertThat(publisher.health().ready()).isTrue();
  }

  @Test
  void change_isPublishedOnceWithAnActivationAhead() throws Exception {
    write(GOOD);
    start();
    write(OTHER);
    clock.advance(Duration.ofSeconds(2));

    publisher.poll();
    publisher.poll();

    assertThat(publications()).hasSize(2);
    assertThat(publications().getLast().activeFromUnixMilli()).isEqualTo(clock.millis() + 3000);
  }

  @Test
  void changeWithinTheDelay_isInForceAfterTheOneBefore() throws Exception {
    write(GOOD);
    start();
    write(OTHER);
    publisher.poll();
    write(GOOD);
    publisher.poll();

    List<Publication> all = publications();
    assertThat(all).hasSize(3);
    assertThat(all.get(2).activeFromUnixMilli()).isGreaterThan(all.get(1).activeFromUnixMilli());
    assertThat(all.get(2).version()).isEqualTo(all.get(0).version());
    assertThat(all).extracting(Publication::key).doesNotHaveDuplicates();
  }

  @Test
  void clockSetBack_publishesTheSameRulesAgain() throws Exception {
    write(GOOD);
    start();
    write(OTHER);
    publisher.poll();
    clock.advance(Duration.ofHours(-1));

    publisher.poll();
    publisher.poll();

    assertThat(publications()).hasSize(3);
    Publication last = publications().getLast();
    assertThat(last.version()).isEqualTo(publications().get(1).version());
    assertThat(last.activeFromUnixMilli()).isEqualTo(clock.millis() + 3000);
  }

  @Test
  void brokenSet_isRefusedAndCountedOnceAndTheOldStays() throws Exception {
    write(GOOD);
    start();
    String good = publications().getFirst().version();
    write(BROKEN);

    publisher.poll();
    publisher.poll();

    assertThat(publications()).hasSize(1);
    assertThat(registry.counter("musa.rules.refused").count()).isEqualTo(1);
    assertThat(registry.get("musa.rules.directory.valid").gauge().value()).isZero();
    assertThat(publisher.status())
        .contains("rules " + good + " stay", "rules.yaml:3:18", "unknown key 'dorp'");
    assertThat(publisher.health().ready()).isTrue();

    write(GOOD);
    publisher.poll();

    assertThat(publications()).hasSize(1);
    assertThat(registry.get("musa.rules.directory.valid").gauge().value()).isEqualTo(1);
    assertThat(publisher.status()).startsWith("rules " + good);
  }

  @Test
  void refusal_standsOnTheTopicAsLongAsItLasts() throws Exception {
    write(GOOD);
    start();
    assertThat(published().refusal()).isNull();
    write(BROKEN);
    publisher.poll();
    publisher.poll();

    PublishedRules refused = published();
    assertThat(refused.refusal()).isNotNull();
    assertThat(refused.refusal().sinceUnixMilli()).isEqualTo(clock.millis());
    assertThat(refused.refusal().problems().getFirst())
        .contains("rules.yaml:3:18", "unknown key 'dorp'");
    assertThat(refused.at(clock.millis()).version()).isEqualTo(publications().getFirst().version());
    assertThat(topic.collect()).as("told once").hasSize(2);

    publisher.close();
    clock.advance(Duration.ofMinutes(1));
    start();
    assertThat(topic.collect()).as("not told again after a restart").hasSize(2);

    write(GOOD);
    publisher.poll();
    assertThat(published().refusal()).isNull();
  }

  @Test
  void listener_learnsEachChange_andOfARefusalThatLastsNowAndThen() throws Exception {
    write(GOOD);
    start();
    String good = publications().getFirst().version();
    assertThat(changes).isEmpty();

    write(BROKEN);
    publisher.poll();
    publisher.poll();
    assertThat(changes).hasSize(1);
    assertThat(changes.getFirst())
        .startsWith(good + " [rules.yaml:3:18: unknown key 'dorp'")
        .doesNotContain("\n");

    clock.advance(Duration.ofMinutes(30).minusMillis(1));
    publisher.poll();
    assertThat(changes).hasSize(1);
    clock.advance(Duration.ofMillis(1));
    publisher.poll();
    assertThat(changes).as("before the API server has forgotten it").hasSize(2);

    publisher.close();
    start();
    assertThat(changes).as("whoever led before may not have been heard").hasSize(3);
    write(HEADER + "logs: [{name: a, drip: record}]\n");
    publisher.poll();
    assertThat(changes).hasSize(4);
    assertThat(changes.getLast()).contains("unknown key 'drip'");

    publisher.close();
    write(OTHER);
    start();
    assertThat(changes).as("mended while nobody ran").hasSize(5);
    assertThat(changes.getLast()).isEqualTo(publications().getLast().version() + " []");
    clock.advance(Duration.ofHours(1));
    publisher.poll();
    publisher.close();
    start();
    assertThat(changes).as("good news is told once").hasSize(5);
  }

  @Test
  void restart_publishesOnlyWhatIsNew() throws Exception {
    write(GOOD);
    start();
    publisher.close();

    start();
    assertThat(publications()).hasSize(1);
    publisher.close();

    write(OTHER);
    start();
    assertThat(publications()).hasSize(2);
    assertThat(publications().getLast().activeFromUnixMilli()).isEqualTo(clock.millis() + 3000);
  }

  @Test
  void emptyOrMissingDirectory_isRefused_andTheRulesStay() throws Exception {
    write(GOOD);
    start();
    String content = Files.readString(file());
    Files.delete(file());

    publisher.poll();
    publisher.poll();
    assertThat(publisher.status()).contains("stay", "leave rules.directory out");
    Files.delete(directory());
    publisher.poll();
    assertThat(publisher.status()).contains("stay", "does not exist");
    assertThat(publications()).hasSize(1);

    Files.createDirectory(directory());
    Files.writeString(file(), content);
    publisher.poll();
    assertThat(publisher.status()).doesNotContain("refused");
    assertThat(publications()).hasSize(1);
  }

  @Test
  void missingDirectoryAtTheStart_endsTheStart() throws Exception {
    Files.deleteIfExists(file());
    Files.deleteIfExists(directory());
    assertThatThrownBy(this::start)
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("rules.directory");
  }

  @Test
  void noDirectory_publishesNothingUnlessThereWereRules() throws Exception {
    start(config(null));
    assertThat(publications()).isEmpty();
    assertThat(publisher.status()).contains("none", "no directory is configured");
    publisher.close();

    write(GOOD);
    start();
    publisher.close();
    start(config(null));

    assertThat(publications()).hasSize(2);
    assertThat(publications().getLast().files()).isEmpty();
  }

  @Test
  void longSuperseded_isDeletedInTheSameTransaction() throws Exception {
    write(GOOD);
    start();
    write(OTHER);
    publisher.poll();
    clock.advance(Duration.ofDays(31));
    write(GOOD);
    publisher.poll();

    assertThat(topic.collect()).hasSize(4);
    assertThat(topic.collect().getLast().value()).isNull();
    assertThat(topic.collect().getLast().key()).isEqualTo(topic.collect().getFirst().key());
    assertThat(topic.producer().commitCount()).isEqualTo(3);
  }

  @Test
  void kafkaFailure_isTriedAgain() throws Exception {
    write(GOOD);
    start();
    write(OTHER);
    topic.producer().commitTransactionException = new TimeoutException("no answer");

    publisher.poll();
    assertThat(publications()).hasSize(1);
    assertThat(publisher.status()).contains("no answer", "trying again");
    publisher.poll();

    assertThat(publications()).hasSize(2);
    assertThat(publisher.status()).startsWith("rules " + publications().getLast().version());
  }

  @Test
  void secondWriter_fencesTheFirstForGood() throws Exception {
    write(GOOD);
    start();
    topic.producer().fenceProducer();
    write(OTHER);

    publisher.poll();
    publisher.poll();

    assertThat(publications()).hasSize(1);
    assertThat(publisher.health().ready()).isFalse();
    assertThat(publisher.status()).contains("another process publishes");
  }

  @Test
  void undecodablePublicationsOfOthers_areReplaced() throws Exception {
    topic.add("x".getBytes(java.nio.charset.StandardCharsets.UTF_8), new byte[] {'?'});
    write(GOOD);

    start();

    assertThat(topic.collect()).hasSize(2);
  }

  @Test
  void start_withoutKafkaSaysWhatToDo() {
    publisher =
        new RulePublisher(
            config(null),
            () -> {
              throw new KafkaException("no broker");
            },
            this::note,
            registry,
            clock);

    assertThatThrownBy(publisher::start)
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("no broker")
        .hasMessageContaining("kafka.bootstrapServers");
  }

  @Test
  void start_withAKeyThatIsTooShortSaysHowToMakeOne() throws Exception {
    Path key = Files.writeString(temp.resolve("key"), "short\n");
    RulesConfig defaults = RulesConfig.defaults();
    publisher =
        new RulePublisher(
            new RulesConfig(
                null, key, defaults.pollInterval(), defaults.activationDelay(), defaults.history()),
            topic::openLog,
            this::note,
            registry,
            clock);

    assertThatThrownBy(publisher::start)
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("holds 5 bytes")
        .hasMessageContaining("openssl rand -hex 32");
  }

  private void start() {
    start(config(directory()));
  }

  private void start(RulesConfig config) {
    publisher = new RulePublisher(config, topic::openLog, this::note, registry, clock);
    publisher.start();
  }

  private void note(String version, List<String> problems) {
    changes.add(version + " " + problems);
  }

  /** Polled by the test, not by the schedule. */
  private static RulesConfig config(Path directory) {
    RulesConfig defaults = RulesConfig.defaults();
    return new RulesConfig(
        directory, null, Duration.ofDays(1), defaults.activationDelay(), defaults.history());
  }

  private Path directory() {
    return temp.resolve("rules");
  }

  private Path file() {
    return directory().resolve("rules.yaml");
  }

  private void write(String content) throws IOException {
    Files.createDirectories(directory());
    Files.writeString(file(), content);
  }

  private PublishedRules published() {
    try (FollowedTopic reader = topic.openReader()) {
      return PublishedRules.read(reader);
    }
  }

  private List<Publication> publications() {
    return topic.collect().stream()
        .filter(record -> !Refusal.isKey(record.key()))
        .map(record -> record.value())
        .filter(Objects::nonNull)
        .map(PublicationCodec::decode)
        .toList();
  }
}
