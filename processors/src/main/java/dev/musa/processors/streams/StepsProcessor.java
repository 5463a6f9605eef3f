package dev.musa.processors.streams;

import dev.musa.processors.enrich.Enricher;
import dev.musa.processors.enrich.PointJoiner;
import dev.musa.processors.enrich.Unenriched;
import dev.musa.processors.stages.Edits;
import dev.musa.processors.stages.Outcomes;
import dev.musa.processors.stages.Runners;
import dev.musa.processors.stages.StepRunner;
import dev.musa.processors.stages.UnitOfWork;
import dev.musa.rules.RuleSet;
import dev.musa.rules.Step;
import dev.musa.schemas.BadHeadersException;
import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.WaitingHeader;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.wire.MalformedOtlpException;
import dev.musa.schemas.wire.OtlpCursor;
import dev.musa.schemas.wire.ResourceSplicer;
import dev.musa.schemas.wire.Slicer;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Joins the items of each record to the pods that sent them, runs the steps over them and forwards
 * what they leave. What comes from a pod that is not known yet is held back, and its neighbours go
 * on.
 */
final class StepsProcessor extends ContextualProcessor<byte[], byte[], Integer, byte[]> {
  private static final String BAD_HEADERS = "bad_headers";
  private static final String MALFORMED = "malformed";
  private static final String NO_VALUE = "no_value";

  private static final int KEPT = 0;
  private static final int WAITING = 1;
  private static final int DESTINATIONS = 2;

  private final String stage;
  private final Signal signal;
  private final Runners runners;
  private final PathParts parts;
  private final Children children;
  private final Enricher enricher;
  private final ResourceSplicer splicer;
  private final Slicer slicer;
  private final PointJoiner joiner;
  private final Unenriched unenriched = new Unenriched();
  private final Edits edits;

  /**
   * The children by name.
   *
   * @param kept writes what is kept
   * @param waiting writes what waits for its pod to be known
   * @param deadLetters writes what cannot be read
   */
  record Children(String kept, String waiting, String deadLetters) {}

  /**
   * @param stage that its source is accounted to
   * @param stepsOf compiles the steps to run
   */
  StepsProcessor(
      String stage,
      Signal signal,
      Function<RuleSet, List<Step>> stepsOf,
      PathParts parts,
      Children children) {
    this.stage = stage;
    this.signal = signal;
    this.parts = parts;
    this.children = children;
    this.enricher = new Enricher(parts.pods(), parts.clock());
    this.splicer = new ResourceSplicer(enricher);
    this.slicer = new Slicer(signal, enricher);
    this.joiner = new PointJoiner(parts.pods(), attribute -> slicer.item().add(attribute));
    this.runners = new Runners(signal, stepsOf, parts.limits(), joiner);
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
    boolean enriched = enricher.begin(headers, record.timestamp());
    joiner.begin(headers);
    if (steps.isEmpty() && !enriched) {
      keep(record, out, record.value());
      return;
    }
    try {
      if (steps.isEmpty()) {
        byte[] whole = splicer.splice(record.value());
        if (enricher.allKnown() && whole.length <= parts.maxRecordBytes()) {
          keep(record, out, whole);
          return;
        }
      }
      run(steps, record, headers, out);
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
            new Account(stage, signal, origin.topic(), origin.partition()),
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

  /**
   * @param in the headers of what is held back
   * @param out the headers of what is kept
   */
  private void run(
      StepRunner steps, Record<byte[], byte[]> record, RecordHeaders in, RecordHeaders out) {
    UnitOfWork work = parts.transactions().current();
    steps.begin(in.tenant(), record.timestamp(), work);
    unenriched.clear();
    slicer.slice(record.value(), DESTINATIONS, at -> destination(steps, at));
    steps.end();
    unenriched.count(in.tenant(), signal, work);
    int maxBytes = parts.maxRecordBytes();
    slicer.write(KEPT, maxBytes, (bytes, items) -> keep(record, out.withItems(items), bytes));
    slicer.write(WAITING, maxBytes, (bytes, items) -> hold(record, in.withItems(items), bytes));
  }

  private int destination(StepRunner steps, OtlpCursor at) {
    if (enricher.isWaiting()) {
      return WAITING;
    }
    if (steps.run(at, edits) != StepRunner.KEPT) {
      return Slicer.DROP;
    }
    // Once an item, also if neither the pod that sent it is known nor the one that it names.
    String reason = enricher.reason();
    unenriched.add(reason.isEmpty() ? steps.unjoined() : reason);
    return KEPT;
  }

  private void hold(Record<byte[], byte[]> record, RecordHeaders headers, byte[] value) {
    Headers written = newHeaders();
    headers.writeTo(written);
    WaitingHeader.write(written, parts.clock().millis() + HeldBack.WAIT_MILLIS);
    context().forward(at(record, written, value), children.waiting());
    parts.transactions().current().countWaiting(headers.tenant(), headers.items(), value.length);
  }

  private void keep(Record<byte[], byte[]> record, RecordHeaders headers, byte[] value) {
    Headers written = newHeaders();
    headers.writeTo(written);
    context().forward(at(record, written, value), children.kept());
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
    context().forward(at(record, record.headers(), record.value()), children.deadLetters());
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
