package dev.musa.processors.traces;

import dev.musa.processors.enrich.Enricher;
import dev.musa.processors.sampling.Outcome;
import dev.musa.processors.sampling.PartitionSampler;
import dev.musa.schemas.BadHeadersException;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.MalformedOtlpException;
import dev.musa.schemas.wire.OtlpCursor;
import dev.musa.schemas.wire.SpanView;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The path of a span. Pass one reads its record as it comes in, filters the span by the rules of
 * its trace and adds it to the trace's summary. When the trace has waited long enough, the sampler
 * decides. Pass two reads the record again, finds every trace decided, and writes on what is kept,
 * filtered and redacted; what cannot be read goes to the dead letters.
 */
final class TracesPath {
  private final TracePrograms rules;
  private final SecondPass secondPass;
  private final Enricher enricher;
  private final OtlpCursor cursor;

  /**
   * @param enricher of pass one alone
   */
  TracesPath(TracePrograms rules, SecondPass secondPass, Enricher enricher) {
    this.rules = rules;
    this.secondPass = secondPass;
    this.enricher = enricher;
    this.cursor = new OtlpCursor(Signal.TRACES, enricher);
  }

  /** Pass one. */
  void read(ConsumerRecord<byte[], byte[]> record, PartitionTraces partition) {
    PartitionSampler<TraceProgram> sampler = partition.sampler();
    long readBefore = sampler.nextToRead();
    TraceProgram program = rules.at(record.timestamp());
    sampler.read(record.offset(), record.timestamp(), program);
    int spans = 0;
    boolean whole = program.keepsEverything();
    beginEnriching(record, program);
    try {
      cursor.reset(Values.of(record));
      while (cursor.next()) {
        whole &= summarize(cursor, sampler, program);
        spans++;
      }
    } catch (MalformedOtlpException e) {
      // Pass two must not look at it: spans after the malformed one have no summary.
      partition.rememberMalformed(record.offset(), e);
      whole = false;
    }
    if (program.waitMillis() == 0) {
      partition.hand(record, readBefore, whole && spans > 0 ? new Whole(program, spans) : null);
    }
  }

  /** Only where a condition may look at a resource; pass two says what is wrong with headers. */
  private void beginEnriching(ConsumerRecord<byte[], byte[]> record, TraceProgram program) {
    if (enricher.isIdle() || !program.hasConditions()) {
      enricher.beginUnknown();
      return;
    }
    try {
      enricher.begin(RecordHeaders.read(record.headers()));
    } catch (BadHeadersException _) {
      enricher.beginUnknown();
    }
  }

  /** Returns whether the span goes on as it is under this program, as far as that is certain. */
  private static boolean summarize(
      OtlpCursor at, PartitionSampler<TraceProgram> sampler, TraceProgram program) {
    SpanView span = at.span();
    if (!SecondPass.hasTraceId(span)) {
      return false;
    }
    TraceProgram rules = sampler.enter(span.traceIdHigh(), span.traceIdLow());
    if (rules == null) {
      Outcome outcome = sampler.entered();
      return outcome != null && outcome.kept() && outcome.rulesVersion().equals(program.version());
    }
    if (rules.droppedBy(at) == null) {
      sampler.addSpan(span.startTimeUnixNano(), span.endTimeUnixNano(), rules.conditions(at));
    }
    return rules.equals(program);
  }

  /** Pass two: of each raw record below the watermark. */
  void forward(Held held, PartitionTraces partition) {
    ConsumerRecord<byte[], byte[]> record = held.record();
    partition.sampler().pass(record.offset(), record.timestamp());
    String malformed = partition.takeMalformed(record.offset());
    Whole whole = held.whole();
    if (malformed != null) {
      secondPass.deadLetterMalformed(record, malformed);
    } else if (whole == null || !secondPass.passOn(record, whole)) {
      secondPass.run(record, partition.sampler());
    }
    partition.sampler().passed(record.offset() + 1);
  }
}
