package dev.musa.app;

import dev.musa.runtime.kafka.KafkaAdmin;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.kafka.TopicProvisioner;
import dev.musa.runtime.kafka.TopicSpec;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Signal;
import dev.musa.schemas.TopicLayout;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Creates what topics are missing at the start, and refuses those that are not as they must be.
 * Where no number of partitions is configured, the one that the raw traces have already is kept: it
 * is fixed from the first start on, whoever made that.
 */
final class TopicsService implements Service {
  private static final Duration LIMIT = Duration.ofSeconds(15);

  /** A Kafka that runs answers sooner. */
  private static final Duration NOTICE_AFTER = Duration.ofSeconds(2);

  private final String name;
  private final KafkaConfig kafka;
  private final TopicLayout layout;
  private final boolean partitionsConfigured;
  private final Predicate<String> which;
  private final Consumer<String> notices;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Thread starting;
  private boolean cancelled;

  /**
   * @param which the topics that this one sees to, by their name
   * @param notices takes lines for the user, from any thread
   */
  TopicsService(
      String name,
      KafkaConfig kafka,
      TopicLayout layout,
      boolean partitionsConfigured,
      Predicate<String> which,
      Consumer<String> notices) {
    this.name = name;
    this.kafka = kafka;
    this.layout = layout;
    this.partitionsConfigured = partitionsConfigured;
    this.which = which;
    this.notices = notices;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void start() {
    setStarting(Thread.currentThread());
    try {
      ensureTopics();
    } finally {
      setStarting(null);
      // What cancelled the start must not end what closes the process.
      var _ = Thread.interrupted();
    }
  }

  @Override
  public void cancelStart() {
    lock.lock();
    try {
      cancelled = true;
      if (starting != null) {
        starting.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  private void setStarting(@Nullable Thread thread) {
    lock.lock();
    try {
      starting = thread;
      if (cancelled && thread != null) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  private void ensureTopics() {
    try (Admin admin = connect()) {
      int partitions = partitionsConfigured ? layout.partitions() : existing(admin);
      TopicLayout agreed =
          new TopicLayout(
              layout.topics(), partitions, layout.retention(), layout.maxMessageBytes());
      List<TopicSpec> specs =
          agreed.specs().stream()
              .filter(spec -> which.test(spec.name()))
              .map(spec -> new TopicSpec(spec.name(), spec.partitions(), spec.configs()))
              .toList();
      TopicProvisioner.ensure(admin, specs);
    }
  }

  private Admin connect() {
    CompletableFuture<Void> notice =
        CompletableFuture.runAsync(
            () ->
                notices.accept(
                    "waiting for Kafka at "
                        + String.join(", ", kafka.bootstrapServers())
                        + ", at most %d s ...".formatted(LIMIT.toSeconds())),
            CompletableFuture.delayedExecutor(
                NOTICE_AFTER.toMillis(), TimeUnit.MILLISECONDS, Runnable::run));
    try {
      return KafkaAdmin.connect(kafka, "musa-topics", LIMIT);
    } finally {
      notice.cancel(false);
    }
  }

  private int existing(Admin admin) {
    String topic = layout.topics().raw(Signal.TRACES);
    try {
      var answer = admin.describeTopics(List.of(topic)).topicNameValues().get(topic);
      return Objects.requireNonNull(answer)
          .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
          .partitions()
          .size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return layout.partitions();
      }
      throw unanswered(topic, e.getCause());
    } catch (TimeoutException e) {
      throw unanswered(topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unanswered(topic, e);
    }
  }

  private static StartupException unanswered(String topic, @Nullable Throwable cause) {
    return new StartupException(
        "Kafka does not say whether topic "
            + topic
            + " exists ("
            + cause
            + "): see that the brokers run and let this user describe topics",
        cause);
  }

  @Override
  public Health health() {
    return Health.ok();
  }

  @Override
  public void close() {
    // Nothing stays open.
  }
}
