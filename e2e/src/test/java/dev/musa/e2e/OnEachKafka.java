package dev.musa.e2e;

import java.util.List;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that run twice: with Kafka in MUSA's process, and with Kafka apart from it where there is
 * one.
 */
@ParameterizedClass(name = "on {0}")
@MethodSource("kafkas")
abstract class OnEachKafka {
  @Parameter Kafka kafka;

  static List<Kafka> kafkas() {
    return List.of(new EmbeddedKafka(), new KafkaApart());
  }

  @BeforeParameterizedClassInvocation
  static void skipWhereThereIsNone(Kafka kafka, TestInfo test) {
    kafka.orSkip(test.getTestClass().orElseThrow().getSimpleName() + " on " + kafka);
  }
}
