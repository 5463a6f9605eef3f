package dev.musa.processors.traces;

import dev.musa.processors.enrich.Enricher;
import dev.musa.processors.enrich.Unenriched;
import dev.musa.processors.sampling.Outcome;
import dev.musa.processors.sampling.PartitionSampler;
import dev.musa.processors.stages.Edits;
import dev.musa.processors.stages.Outcomes;
import dev.musa.processors.stages.StepRunner;
import dev.musa.rules.AttributePath;
import dev.musa.schemas.BadHeadersException;
import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.wire.AttributeEditor;
import dev.musa.schemas.wire.MalformedOtlpException;
import dev.musa.schemas.wire.OtlpCursor;
import dev.musa.schemas.wire.ResourceSplicer;
import dev.musa.schemas.wire.Slicer;
import dev.musa.schemas.wire.SpanView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What pass two does to one record: divides its spans by the verdict on their traces, and runs the
 * steps over the kept ones. Spans under different rule-set versions leave in records of their own.
 * For one thread.
 */
final class SecondPass {
  private static final String BAD_HEADERS = "bad_headers";
  private static final String MALFORMED = "malformed";
  private static final String NO_VALUE = "no_value";
  private static final String TRACE_ID = "trace_id";

  private static final int TRACE_ID_BYTES = 16;
  private static final int KEPT = 0;
  private static final int GUILTY = 1;
  private static final int DESTINATIONS = 2;

  private static final RecordHeaders NO_HEADERS = new RecordHeaders("", "", 0, 0, null, null);

  private final TracePrograms programs;
  private final TraceOutput output;
  private final int maxRecordBytes;
  private final Enricher enricher;
  private final ResourceSplicer splicer;
  private final Slicer slicer;
  private final Unenriched unenriched = new Unenriched();
  private final Edits edits = this::edit;
  private final Slicer.Route route = this::destination;
  private final SampledOut sampledOut = new SampledOut();

  /** The versions of the traces in this record, and what of it goes on under each. */
  private final List<TraceProgram> versions = new ArrayList<>();

  private final List<Part> parts = new ArrayList<>();
  private final List<Part> guilty = new ArrayList<>();

  private RecordHeaders headers = NO_HEADERS;
  private boolean headersRead;
  private long recordTime;
  private @Nullable PartitionSampler<TraceProgram> sampler;
  private int slicing;
  private @Nullable Outcome outcome;
  private long outcomeHigh;
  private long outcomeLow;
  private int outcomeVersion;

  /**
   * @param enricher of pass two alone
   * @param maxRecordBytes the largest value to write; what edits have made larger is divided
   */
  SecondPass(TracePrograms programs, TraceOutput output, Enricher enricher, int maxRecordBytes) {
    this.enricher = enricher;
    this.splicer = new ResourceSplicer(enricher);
    this.slicer = new Slicer(Signal.TRACES, enricher);
    this.programs = programs;
    this.output = output;
    this.maxRecordBytes = maxRecordBytes;
  }

  static boolean hasTraceId(SpanView span) {
    return span.traceIdLength() == TRACE_ID_BYTES;
  }

  void run(ConsumerRecord<byte[], byte[]> record, PartitionSampler<TraceProgram> sampler) {
    if (!readHeaders(record)) {
      return;
    }
    if (record.value() == null) {
      deadLetter(record, NO_VALUE, "value: null (expected: an OTLP message)");
      return;
    }
    this.sampler = sampler;
    enricher.begin(headers);
    try {
      slice(record.value());
    } catch (MalformedOtlpException e) {
      deadLetter(record, MALFORMED, String.valueOf(e.getMessage()));
      return;
    }
    write(record);
  }

  /**
   * All of its spans go on as they are, joined to their pods.
   *
   * @return false if it has to be {@linkplain #run looked at} span by span; then nothing is done
   */
  boolean passOn(ConsumerRecord<byte[], byte[]> record, Whole whole) {
    byte[] value = Values.of(record);
    if (enricher.isIdle()) {
      enricher.beginUnknown();
    } else {
      try {
        if (enricher.begin(RecordHeaders.read(record.headers()))) {
          value = splicer.splice(value);
        }
      } catch (BadHeadersException | MalformedOtlpException _) {
        return false;
      }
    }
    if (value.length > maxRecordBytes || !enricher.allKnown()) {
      return false;
    }
    if (readHeaders(record)) {
      parts.clear();
      guilty.clear();
      versions.clear();
      sampledOut.clear();
      unenriched.clear();
      parts.add(new Part(value, whole.spans(), whole.program().version()));
      write(record);
    }
    return true;
  }

  void deadLetterMalformed(ConsumerRecord<byte[], byte[]> record, String message) {
    if (readHeaders(record)) {
      deadLetter(record, MALFORMED, message);
    }
  }

  private boolean readHeaders(ConsumerRecord<byte[], byte[]> record) {
    recordTime = record.timestamp();
    try {
      headers = RecordHeaders.read(record.headers());
      headersRead = true;
      take(record);
      return true;
    } catch (BadHeadersException e) {
      headers = NO_HEADERS;
      headersRead = false;
      take(record);
      deadLetter(record, BAD_HEADERS, String.valueOf(e.getMessage()));
      return false;
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    output
        .work()
        .take(
            new Account(Account.PROCESSORS, Signal.TRACES, record.topic(), record.partition()),
            record.offset(),
            headers.tenant(),
            headers.items(),
            record.value() == null ? 0 : record.value().length);
  }

  /** Once per version, nearly always one: an edit of a resource holds for what leaves with it. */
  private void slice(byte[] value) {
    sampledOut.clear();
    unenriched.clear();
    versions.clear();
    parts.clear();
    guilty.clear();
    outcome = null;
    slicing = 0;
    do {
      slicer.slice(value, DESTINATIONS, route);
      slicer.write(KEPT, maxRecordBytes, this::addKept);
      slicer.write(GUILTY, maxRecordBytes, this::addGuilty);
      slicing++;
    } while (slicing < versions.size());
  }

  private int destination(OtlpCursor at) {
    SpanView span = at.span();
    if (!hasTraceId(span)) {
      return slicing == 0 ? GUILTY : Slicer.DROP;
    }
    Outcome of = outcome(span.traceIdHigh(), span.traceIdLow());
    if (outcomeVersion != slicing) {
      return Slicer.DROP;
    }
    TraceProgram program = versions.get(outcomeVersion);
    if (of.kept()) {
      if (program.steps().run(at, edits) != StepRunner.KEPT) {
        return Slicer.DROP;
      }
      unenriched.add(enricher.reason());
      return KEPT;
    }
    String step = program.droppedBy(at);
    if (step == null) {
      sampledOut.add(of, at.itemSize());
    } else {
      sampledOut.addDropped(step, at.itemSize());
    }
    return Slicer.DROP;
  }

  /** Neighbours are often of one trace. */
  private Outcome outcome(long high, long low) {
    Outcome last = outcome;
    if (last != null && high == outcomeHigh && low == outcomeLow) {
      return last;
    }
    Outcome found = Objects.requireNonNull(sampler).outcome(high, low);
    outcome = found;
    outcomeHigh = high;
    outcomeLow = low;
    outcomeVersion = version(found.rulesVersion());
    return found;
  }

  private int version(String rulesVersion) {
    for (int i = 0; i < versions.size(); i++) {
      if (versions.get(i).version().equals(rulesVersion)) {
        return i;
      }
    }
    TraceProgram program = programs.version(rulesVersion);
    program.steps().begin(headers.tenant(), recordTime, output.work());
    versions.add(program);
    return versions.size() - 1;
  }

  private void edit(AttributePath path, byte[] value) {
    AttributeEditor editor =
        switch (path.scope()) {
          case RESOURCE -> slicer.resource();
          case ITEM -> slicer.item();
        };
    editor.set(path.utf8Key(), value);
  }

  private void addKept(byte[] bytes, int items) {
    parts.add(new Part(bytes, items, versions.get(slicing).version()));
  }

  private void addGuilty(byte[] bytes, int items) {
    guilty.add(new Part(bytes, items, ""));
  }

  private void write(ConsumerRecord<byte[], byte[]> record) {
    for (Part part : parts) {
      RecordHeaders out = headers.withRulesVersion(part.rulesVersion).withItems(part.items);
      output.processed(record, out, part.bytes);
      output
          .work()
          .count(
              headers.tenant(),
              Signal.TRACES,
              Outcomes.PROCESSED,
              "",
              part.items,
              part.bytes.length);
    }
    for (Part part : guilty) {
      String message = "trace id of a wrong length (expected: 16 bytes)";
      deadLetter(record, TRACE_ID, message, part.bytes, part.items);
    }
    versions.forEach(version -> version.steps().end());
    sampledOut.count(headers.tenant(), output.work());
    unenriched.count(headers.tenant(), Signal.TRACES, output.work());
  }

  private void deadLetter(ConsumerRecord<byte[], byte[]> record, String reason, String message) {
    deadLetter(record, reason, message, record.value(), headers.items());
  }

  private void deadLetter(
      ConsumerRecord<byte[], byte[]> record,
      String reason,
      String message,
      byte @Nullable [] value,
      int items) {
    DeadLetterHeaders.Origin origin =
        new DeadLetterHeaders.Origin(record.topic(), record.partition(), record.offset());
    output.deadLetter(
        record,
        new DeadLetterHeaders(origin, Outcomes.STAGE, reason, null, null, message),
        headersRead ? headers.withItems(items) : null,
        value);
    int bytes = value == null ? 0 : value.length;
    output
        .work()
        .count(headers.tenant(), Signal.TRACES, Outcomes.DEAD_LETTERED, reason, items, bytes);
  }

  /** A record to write. */
  private static final class Part {
    private final byte[] bytes;
    private final int items;
    private final String rulesVersion;

    Part(byte[] bytes, int items, String rulesVersion) {
      this.bytes = bytes;
      this.items = items;
      this.rulesVersion = rulesVersion;
    }
  }
}
