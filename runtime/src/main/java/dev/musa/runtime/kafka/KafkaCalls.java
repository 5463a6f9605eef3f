package dev.musa.runtime.kafka;

import dev.musa.runtime.config.Durations;
import dev.musa.runtime.lifecycle.StartupException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Waits for Kafka's answers, all together no longer than a time limit.
 *
 * <p>What no caller can do anything about (no answer, no access) becomes a {@link
 * StartupException}; other refusals by Kafka are thrown as they are.
 */
final class KafkaCalls {

  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final String servers;
  private final Duration timeout;
  private final LongSupplier nanoTime;
  private final Pause pause;
  private final long deadline;

  /**
   * Starts the time limit.
   *
   * @param servers what messages call the cluster
   */
  KafkaCalls(String servers, Duration timeout, LongSupplier nanoTime, Pause pause) {
    this.servers = servers;
    this.timeout = timeout;
    this.nanoTime = nanoTime;
    this.pause = pause;
    this.deadline = nanoTime.getAsLong() + timeout.toNanos();
  }

  static KafkaCalls within(Duration timeout) {
    return new KafkaCalls("Kafka", timeout, System::nanoTime, Pause.SLEEPING);
  }

  /**
   * The answer.
   *
   * @param doing completes "while ..." in a message
   * @throws KafkaException as Kafka refused
   */
  <T> T get(KafkaFuture<T> answer, String doing) {
    try {
      return answer.get(Math.max(0, deadline - nanoTime.getAsLong()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException("interrupted while " + doing, e);
    } catch (java.util.concurrent.TimeoutException e) {
      throw noAnswer(doing, e);
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case TimeoutException late -> noAnswer(doing, late);
        case AuthenticationException refused ->
            new StartupException(
                "%s refused the credentials: %s (expected: valid ones in kafka.properties)"
                    .formatted(servers, refused.getMessage()),
                refused);
        case KafkaException refused -> refused;
        case null, default -> new IllegalStateException("failed while " + doing, e);
      };
    }
  }

  /**
   * Lets a moment pass before another try; false if there is no time for one. A tenth of the limit
   * is kept for the try itself.
   */
  boolean pause() {
    if (deadline - nanoTime.getAsLong() <= PAUSE.plus(timeout.dividedBy(10)).toNanos()) {
      return false;
    }
    try {
      pause.pause(PAUSE);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException("interrupted while waiting for Kafka", e);
    }
  }

  String limit() {
    return Durations.format(timeout);
  }

  private StartupException noAnswer(String doing, Exception e) {
    return new StartupException(
        "%s did not answer within %s while %s: see that it runs, or set kafka.bootstrapServers"
            .formatted(servers, limit(), doing),
        e);
  }
}
