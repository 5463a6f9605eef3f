package dev.musa.processors.traces;

import dev.musa.processors.enrich.EnrichConfig;
import dev.musa.processors.enrich.Enricher;
import dev.musa.processors.enrich.PodIndex;
import dev.musa.processors.sampling.PartitionSampler;
import dev.musa.processors.sampling.SamplerLimits;
import dev.musa.processors.stages.Limits;
import dev.musa.processors.stages.UnitOfWork;
import dev.musa.rules.RuleSet;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Lets the benchmarks run pass one of {@link TracesPath}, which is hidden from other packages and
 * so can only be reached from this one. Pass two is made to trail without doing its work, as what
 * it has passed is forgotten. Knows nothing of the bench.
 */
public final class FirstPassDoor {
  private static final int MANY = 1 << 24;

  private final TracesPath path;
  private final PartitionTraces partition;
  private final PartitionSampler<TraceProgram> sampler;
  private long decisionBytes;

  public FirstPassDoor(RuleSet rules, long rememberMillis) {
    TracePrograms programs =
        new TracePrograms(new Only(rules), new Limits(new SimpleMeterRegistry(), 1));
    // Not started: there is no Kubernetes.
    PodIndex pods =
        new PodIndex(
            EnrichConfig.defaults(),
            new KafkaConfig(List.of("none:1"), Map.of()),
            new Topics(Topics.DEFAULT_PREFIX),
            new SimpleMeterRegistry(),
            InstantSource.system());
    path =
        new TracesPath(
            programs,
            new SecondPass(
                programs, new NoOutput(), new Enricher(pods, InstantSource.system()), MANY),
            new Enricher(pods, InstantSource.system()));
    partition =
        new PartitionTraces(
            new TopicPartition("raw", 0),
            0,
            0,
            new SamplerLimits(rememberMillis, MANY, MANY),
            new SplittableRandom(1),
            (_, _, batch) -> decisionBytes += batch.length);
    sampler = partition.sampler();
  }

  public void read(ConsumerRecord<byte[], byte[]> record) {
    path.read(record, partition);
  }

  /** Pass two has done with all that is decided. */
  public void passAllDecided() {
    long watermark = sampler.watermark();
    if (watermark > 0) {
      sampler.pass(watermark - 1, sampler.oldestWaiting());
    }
  }

  public int waitingTraces() {
    return sampler.waitingTraces();
  }

  public int rememberedTraces() {
    return sampler.rememberedTraces();
  }

  /** Bytes of the decisions so far, as they go to Kafka. */
  public long decisionBytes() {
    return decisionBytes;
  }

  private record Only(RuleSet rules) implements RuleSets {
    @Override
    public RuleSet at(long recordTimestamp) {
      return rules;
    }

    @Override
    public RuleSet version(String version) {
      return rules;
    }
  }

  /** Pass one writes nothing. */
  private static final class NoOutput implements TraceOutput {
    @Override
    public void processed(
        ConsumerRecord<byte[], byte[]> from, RecordHeaders headers, byte[] spans) {
      throw new UnsupportedOperationException("pass two does not run here");
    }

    @Override
    public void deadLetter(
        ConsumerRecord<byte[], byte[]> from,
        DeadLetterHeaders why,
        @Nullable RecordHeaders headers,
        byte @Nullable [] value) {
      throw new UnsupportedOperationException("pass two does not run here");
    }

    @Override
    public UnitOfWork work() {
      throw new UnsupportedOperationException("pass two does not run here");
    }
  }
}
