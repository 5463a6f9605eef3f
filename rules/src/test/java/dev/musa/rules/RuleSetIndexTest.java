package dev.musa.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.rules.publish.Publication;
import dev.musa.rules.publish.PublicationCodec;
import dev.musa.runtime.kafka.FollowedTopic;
import dev.musa.runtime.lifecycle.StartupException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleSetIndexTest {
  private static final String HEADER = "apiVersion: musa.dev/v1\nkind: Rules\n";
  private static final String GOOD = HEADER + "logs: [{name: a, drop: record}]\n";
  private static final String HASHING = HEADER + "logs: [{name: a, hash: [attributes.x]}]\n";
  private static final String NEWER = HEADER + "logs: [{name: a, aggregate: {}}]\n";

  @TempDir private Path temp;
  private final TestClock clock = new TestClock();
  private final FakeRulesTopic topic = new FakeRulesTopic();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private RuleSetIndex index;

  @AfterEach
  void close() {
    if (index != null) {
      index.close();
    }
  }

  @Test
  void start_readsTheTopicToItsEnd() {
    String a = publish(GOOD, 100);
    String b = publish(GOOD + "# changed\n", 200);

    start(null);

    assertThat(index.at(99).version()).isEqualTo(a);
    assertThat(index.at(100).version()).isEqualTo(a);
    assertThat(index.at(200).version()).isEqualTo(b);
    assertThat(index.newest().version()).isEqualTo(b);
    assertThat(index.version(a).logs().steps()).hasSize(1);
    assertThat(registry.get("musa.rules.in.force").tag("version", b).gauge().value()).isEqualTo(1);
    assertThat(index.health().ready()).isTrue();
  }

  @Test
  void start_onAnEmptyTopicKeepsEverything() {
    start(null);

    assertThat(index.at(clock.millis())).isSameAs(RuleSet.EMPTY);
    assertThat(index.health().detail()).contains("none");
  }

  @Test
  void afterTheStart_newSetsAreFollowed() throws Exception {
    start(null);
    CountDownLatch delivered = new CountDownLatch(2);
    topic
        .consumer()
        .schedulePollTask(() -> {
          publish(GOOD, clock.millis());
          topic.deliver();
          delivered.countDown();
          topic.consumer().schedulePollTask(delivered::countDown);
        });

    assertThat(delivered.await(30, TimeUnit.SECONDS)).isTrue();
    index.close();

    assertThat(index.newest().version()).isEqualTo(version(GOOD));
  }

  @Test
  void setOfANewerLanguage_isCountedAndTheOldStays() {
    String good = publish(GOOD, 100);
    publish(NEWER, 200);
    topic.add("x".getBytes(UTF_8), "{\"apiVersion\":\"musa.dev/v9\"}".getBytes(UTF_8));
    topic.add("y".getBytes(UTF_8), null);

    start(null);

    assertThat(index.at(300).version()).isEqualTo(good);
    assertThat(registry.counter("musa.rules.unloadable").count()).isEqualTo(2);
    assertThat(index.health().ready()).isTrue();
    assertThat(index.health().detail()).contains("cannot be read", "musa.dev/v9");
  }

  @Test
  void start_failsIfNoSetCanBeRead() {
    publish(NEWER, 100);
    index = new RuleSetIndex(config(null), topic::openReader, registry, clock);

    assertThatThrownBy(index::start)
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("no published rule set can be read")
        .hasMessageContaining("aggregate");
  }

  @Test
  void start_failsIfTheKeyToHashWithIsMissing() {
    publish(GOOD, 100);
    publish(HASHING, 200);
    index = new RuleSetIndex(config(null), topic::openReader, registry, clock);

    assertThatThrownBy(index::start)
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("rules.hashKeyFile");
  }

  @Test
  void start_withTheKeyReadsSetsThatHash() throws Exception {
    publish(HASHING, 100);

    start(HashKeys.file(temp));

    assertThat(index.at(100).logs().steps()).singleElement().isInstanceOf(Hash.class);
  }

  @Test
  void start_withoutTheTopicSaysWhatToDo() {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    index =
        new RuleSetIndex(
            config(null), () -> new FollowedTopic(consumer, FakeRulesTopic.NAME), registry, clock);

    assertThatThrownBy(index::start)
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("musa.rules has 0 partitions (expected: 1)");
  }

  @Test
  void start_withoutKafkaSaysWhatToDo() {
    index =
        new RuleSetIndex(
            config(null),
            () -> {
              throw new KafkaException("no broker");
            },
            registry,
            clock);

    assertThatThrownBy(index::start)
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("kafka.bootstrapServers");
  }

  private void start(Path keyFile) {
    index = new RuleSetIndex(config(keyFile), topic::openReader, registry, clock);
    index.start();
  }

  private static RulesConfig config(Path keyFile) {
    RulesConfig defaults = RulesConfig.defaults();
    return new RulesConfig(
        null, keyFile, Duration.ofDays(1), defaults.activationDelay(), defaults.history());
  }

  private String publish(String rules, long activeFrom) {
    Map<String, String> files = Map.of("a.yaml", rules);
    Publication publication = new Publication(version(rules), activeFrom, new TreeMap<>(files));
    topic.add(publication.key().getBytes(UTF_8), PublicationCodec.encode(publication));
    return publication.version();
  }

  private static String version(String rules) {
    return RuleSet.versionOf(Map.of("a.yaml", rules));
  }
}
