package dev.musa.collector;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * What a failure of Kafka means for the request. None of them is the client's fault, so each is
 * retryable; a record that is too large is the exception, and {@link Publication} rejects its
 * items.
 */
final class KafkaFailures {
  private KafkaFailures() {}

  static Outcome.Retryable outcomeOf(Exception failure) {
    return switch (failure) {
      case BufferExhaustedException _ ->
          new Outcome.Retryable(
              Reason.KAFKA_BUFFER_FULL, "too many bytes wait for Kafka; send again later");
      case AuthenticationException _, AuthorizationException _ ->
          new Outcome.Retryable(
              Reason.KAFKA_NOT_AUTHORIZED,
              "the collector may not write to Kafka, its operator has to mend that; send again"
                  + " later");
      case RetriableException _ ->
          new Outcome.Retryable(
              Reason.KAFKA_UNAVAILABLE, "Kafka did not acknowledge in time; send again later");
      default ->
          new Outcome.Retryable(
              Reason.KAFKA_ERROR, "Kafka failed to take the records; send again later");
    };
  }

  /** Whether the producer that reported it can do nothing any more and has to be replaced. */
  static boolean endsProducer(Exception failure) {
    return switch (failure) {
      case ClusterAuthorizationException _,
          InvalidPidMappingException _,
          InvalidProducerEpochException _,
          ProducerFencedException _,
          UnsupportedVersionException _ ->
          true;
      default -> false;
    };
  }
}
