package dev.musa.processors.streams;

import dev.musa.processors.stages.Edits;
import dev.musa.processors.stages.Outcomes;
import dev.musa.processors.stages.Runners;
import dev.musa.processors.stages.StepRunner;
import dev.musa.processors.stages.UnitOfWork;
import dev.musa.rules.RuleSet;
import dev.musa.schemas.BadHeadersException;
import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.wire.MalformedOtlpException;
import dev.musa.schemas.wire.OtlpCursor;
import dev.musa.schemas.wire.Slicer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Runs the steps over the items of each record and forwards what they leave. */
final class StepsProcessor extends ContextualProcessor<byte[], byte[], Integer, byte[]> {
  private static final String BAD_HEADERS = "bad_headers";
  private static final String MALFORMED = "malformed";
  private static final String NO_VALUE = "no_value";

  private final Signal signal;
  private final Runners runners;
  private final PathParts parts;
  private final String kept;
  private final String deadLetters;
  private final Slicer slicer;
  private final Edits edits;

  /**
   * @param kept the child that writes what is kept
   * @param deadLetters the child that writes what cannot be read
   */
  StepsProcessor(Signal signal, Runners runners, PathParts parts, String kept, String deadLetters) {
    this.signal = signal;
    this.runners = runners;
    this.parts = parts;
    this.kept = kept;
    this.deadLetters = deadLetters;
    this.slicer = new Slicer(signal);
    this.edits =
        (path, value) ->
            (switch (path.scope()) {
                  case RESOURCE -> slicer.resource();
                  case ITEM -> slicer.item();
                })
                .set(path.utf8Key(), value);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordHeaders headers;
    try {
      headers = RecordHeaders.read(record.headers());
      take(record, headers.tenant(), headers.items());
    } catch (BadHeadersException e) {
      take(record, "", 0);
      deadLetter(record, null, BAD_HEADERS, String.valueOf(e.getMessage()));
      return;
    }
    if (record.value() == null) {
      deadLetter(record, headers, NO_VALUE, "value: null (expected: an OTLP message)");
      return;
    }
    RuleSet rules = parts.rulesAt().apply(record.timestamp());
    StepRunner steps = runners.of(rules);
    RecordHeaders out = headers.withRulesVersion(rules.version());
    if (steps.isEmpty()) {
      keep(record, out, record.value());
      return;
    }
    try {
      run(steps, record, out);
    } catch (MalformedOtlpException e) {
      deadLetter(record, headers, MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private void take(Record<byte[], byte[]> record, String tenant, int items) {
    RecordMetadata origin = origin();
    parts
        .transactions()
        .current()
        .take(
            new Account(Account.PROCESSORS, signal, origin.topic(), origin.partition()),
            origin.offset(),
            tenant,
            items,
            record.value() == null ? 0 : record.value().length);
  }

  private RecordMetadata origin() {
    return context()
        .recordMetadata()
        .orElseThrow(() -> new IllegalStateException("a record without topic and offset"));
  }

  private void run(StepRunner steps, Record<byte[], byte[]> record, RecordHeaders headers) {
    UnitOfWork work = parts.transactions().current();
    steps.begin(headers.tenant(), record.timestamp(), work);
    slicer.slice(record.value(), 1, at -> destination(steps, at));
    steps.end();
    slicer.write(
        0, parts.maxRecordBytes(), (bytes, items) -> keep(record, headers.withItems(items), bytes));
  }

  private int destination(StepRunner steps, OtlpCursor at) {
    return steps.run(at, edits) == StepRunner.KEPT ? 0 : Slicer.DROP;
  }

  private void keep(Record<byte[], byte[]> record, RecordHeaders headers, byte[] value) {
    Headers written = newHeaders();
    headers.writeTo(written);
    context().forward(at(record, written, value), kept);
    parts
        .transactions()
        .current()
        .count(headers.tenant(), signal, Outcomes.PROCESSED, "", headers.items(), value.length);
  }

  /** Sends the whole record on, as it came. */
  private void deadLetter(
      Record<byte[], byte[]> record,
      @Nullable RecordHeaders headers,
      String reason,
      String message) {
    RecordMetadata origin = origin();
    new DeadLetterHeaders(
            new DeadLetterHeaders.Origin(origin.topic(), origin.partition(), origin.offset()),
            Outcomes.STAGE,
            reason,
            null,
            null,
            message)
        .writeTo(record.headers());
    context().forward(at(record, record.headers(), record.value()), deadLetters);
    int bytes = record.value() == null ? 0 : record.value().length;
    parts
        .transactions()
        .current()
        .count(
            headers == null ? "" : headers.tenant(),
            signal,
            Outcomes.DEAD_LETTERED,
            reason,
            headers == null ? 0 : headers.items(),
            bytes);
  }

  private Record<Integer, byte[]> at(Record<byte[], byte[]> record, Headers headers, byte[] value) {
    int partition = context().taskId().partition();
    return new Record<>(partition, value, record.timestamp(), headers);
  }

  private static Headers newHeaders() {
    return new org.apache.kafka.common.header.internals.RecordHeaders();
  }
}
