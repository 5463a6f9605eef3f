package dev.musa.processors.sampling;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Both passes over one partition.
 *
 * <p>Pass one calls {@link #read} for each record and {@link #enter} for each of its spans; a trace
 * is decided when a record comes whose time is the decision wait after the trace's first, or when
 * that much time has passed at the end of the log ({@link #tick}). So what a decision has seen
 * depends on the log alone, not on how it was polled or where a restart fell. Pass two calls {@link
 * #pass} for each record below the {@link #watermark} and {@link #outcome} for each of its spans.
 *
 * <p>The first span of a trace binds it to the rule set of that span's record. After a restart a
 * new instance gets the decisions of the time to live before pass two's position ({@link #restore})
 * and both passes begin at that position.
 *
 * @param <R> the host's view of a rule-set version; the same object for the same version
 */
public final class PartitionSampler<R extends SamplingRules> {
  /** What one turn may add to the time at the end of the log: a starved thread hurries nothing. */
  private static final long MAX_IDLE_STEP_MILLIS = 1000;

  /** Time at the end of the log trails the clock by this: what a record may be under way. */
  private static final long IDLE_MARGIN_MILLIS = 200;

  private static final long NONE = -1;
  private static final long DECIDED = -2;

  private final SamplerLimits limits;
  private final DecisionSink sink;
  private final TraceHash hash;
  private final WaitingTraces waiting;
  private final RememberedTraces remembered;
  private final Interned<R> rules = new Interned<>();

  private long nextToRead;
  private final LogTime reading;
  private long lastRecordTime = Long.MIN_VALUE;
  private long idleMillis;
  private long lastTick = Long.MIN_VALUE;
  private long time = Long.MIN_VALUE;
  private long readBefore;

  private long nextToPass;
  private final LogTime passing;
  private long passTime = Long.MIN_VALUE;

  private @Nullable R rulesOfRecord;
  private long currentHigh;
  private long currentLow;
  private long current = NONE;
  private @Nullable Outcome currentOutcome;

  private long lateSpans;
  private long decidedEarly;
  private long forgottenEarly;

  /** Both passes begin at this offset; the keys of the hash come from {@code random}. */
  public PartitionSampler(
      SamplerLimits limits, long position, RandomGenerator random, DecisionSink sink) {
    this(limits, position, new TraceHash(random), sink);
  }

  PartitionSampler(SamplerLimits limits, long position, TraceHash hash, DecisionSink sink) {
    this.limits = limits;
    this.sink = sink;
    this.hash = hash;
    this.waiting = new WaitingTraces(hash);
    this.remembered = new RememberedTraces(limits.rememberMillis());
    this.reading = new LogTime(limits.rememberMillis());
    this.passing = new LogTime(limits.rememberMillis());
    this.nextToRead = position;
    this.nextToPass = position;
    this.readBefore = position;
  }

  /** A decision of an earlier run, oldest first. */
  public void restore(long high, long low, Outcome outcome, long decidedAt) {
    hash.of(high, low);
    passing.restored(decidedAt);
    remembered.restore(hash, outcome, reading.restored(decidedAt));
  }

  /** Up to which offset an earlier run's pass one had read: spans below are not late again. */
  public void restoredUpTo(long offset) {
    readBefore = Math.max(readBefore, offset);
  }

  /** Pass one reads this record next; traces that are due by its time are decided before. */
  public void read(long offset, long timestamp, R rulesInForce) {
    if (offset < nextToRead) {
      throw new IllegalStateException(
          "pass one at offset " + offset + " (expected: at least " + nextToRead + ")");
    }
    lastRecordTime = reading.at(timestamp);
    idleMillis = 0;
    lastTick = Long.MIN_VALUE;
    time = Math.max(time, lastRecordTime);
    nextToRead = offset;
    decideDue();
    nextToRead = offset + 1;
    rulesOfRecord = rulesInForce;
    current = NONE;
  }

  /** Pass one has read all up to this offset, though there may have been no record. */
  public void readUpTo(long offset) {
    nextToRead = Math.max(nextToRead, offset);
  }

  /**
   * A span of the record being read: the rules that hold for its trace, or null if the trace is
   * decided already and the span will follow it.
   */
  public @Nullable R enter(long high, long low) {
    if (current == NONE || high != currentHigh || low != currentLow) {
      currentHigh = high;
      currentLow = low;
      current = find(high, low);
    }
    if (current == DECIDED) {
      if (nextToRead > readBefore) {
        lateSpans++;
      }
      return null;
    }
    return rules.get(waiting.rules(current));
  }

  /**
   * The outcome of the trace that {@link #enter} was called for last; null if it is not decided.
   */
  public @Nullable Outcome entered() {
    return current == DECIDED ? currentOutcome : null;
  }

  /** The span that {@link #enter} was called for counts for its trace; times of 0 are unset. */
  public void addSpan(long startUnixNano, long endUnixNano, long conditionsSeen) {
    waiting.addSpan(current, startUnixNano, endUnixNano, conditionsSeen);
  }

  /**
   * Time goes on; call once per turn after reading.
   *
   * @param now wall-clock or monotonic time
   * @param atEnd whether pass one is known to have read all that the log holds
   */
  public void tick(long now, boolean atEnd) {
    current = NONE;
    // The first tick after a record only begins the measure: what passed before was not idle.
    if (lastTick != Long.MIN_VALUE && atEnd && lastRecordTime != Long.MIN_VALUE) {
      idleMillis += Math.clamp(now - lastTick, 0, MAX_IDLE_STEP_MILLIS);
      time = Math.max(time, lastRecordTime + Math.max(0, idleMillis - IDLE_MARGIN_MILLIS));
    }
    lastTick = now;
    if (atEnd) {
      readBefore = Math.min(readBefore, nextToRead); // a log that was cut has no more to wait for
    }
    decideDue();
    if (nextToPass >= nextToRead && time != Long.MIN_VALUE) {
      passTime = Math.max(passTime, time);
    }
    forget();
  }

  /**
   * Record time at pass one, which goes on with the clock at the end of the log; back only where
   * the clock that stamps the records was set back.
   */
  public long time() {
    return reading.stampOf(time);
  }

  /** The next offset that pass one reads. */
  public long nextToRead() {
    return nextToRead;
  }

  /** All spans of all records below this offset are decided. */
  public long watermark() {
    return waiting.isEmpty() ? nextToRead : waiting.firstOffset(waiting.head());
  }

  /** Whether pass one should let pass two catch up before it reads on. */
  public boolean isSaturated() {
    return remembered.size() > limits.maxRemembered() && nextToPass < watermark();
  }

  /** Pass two is at this record. */
  public void pass(long offset, long timestamp) {
    if (offset < nextToPass || offset >= watermark()) {
      throw new IllegalStateException(
          "pass two at offset "
              + offset
              + " (expected: at least "
              + nextToPass
              + ", less than the watermark "
              + watermark()
              + ")");
    }
    nextToPass = offset;
    passTime = Math.max(passTime, passing.at(timestamp));
    forget();
  }

  /** The outcome of a trace with a span in the record that pass two is at. */
  public Outcome outcome(long high, long low) {
    hash.of(high, low);
    Outcome outcome = remembered.find(hash, high, low);
    if (outcome == null) {
      throw new UndecidedTraceException(high, low, nextToPass, watermark());
    }
    return outcome;
  }

  /** Pass two has done with all below this offset. */
  public void passed(long offset) {
    nextToPass = offset;
  }

  /** When the first span of the oldest waiting trace came, else {@link #time}. */
  public long oldestWaiting() {
    return reading.stampOf(waiting.isEmpty() ? time : waiting.firstTime(waiting.head()));
  }

  public int waitingTraces() {
    return waiting.size();
  }

  public int rememberedTraces() {
    return remembered.size();
  }

  /** Spans that pass one read after their trace's decision. */
  public long lateSpans() {
    return lateSpans;
  }

  /** Traces decided before their time because too many waited. */
  public long decidedEarly() {
    return decidedEarly;
  }

  /** Decided traces forgotten before their time because too many were remembered. */
  public long forgottenEarly() {
    return forgottenEarly;
  }

  /** Traces told apart although they had one fingerprint. */
  public long collisions() {
    return remembered.collisions();
  }

  private long find(long high, long low) {
    hash.of(high, low);
    long number = waiting.find(high, low);
    if (number >= 0) {
      return number;
    }
    currentOutcome = remembered.findAndRefresh(hash, high, low, time);
    if (currentOutcome != null) {
      return DECIDED;
    }
    if (rulesOfRecord == null) {
      throw new IllegalStateException("a span without a record: read() comes first");
    }
    if (waiting.size() >= limits.maxWaiting()) {
      decideHead();
      decidedEarly++;
      hash.of(high, low);
    }
    return waiting.add(high, low, nextToRead - 1, time, rules.use(rulesOfRecord));
  }

  /**
   * Not while it reads again what an earlier run had read: that one left undecided what is not
   * restored, however old it is. Without those that it had decided in front of it, it would be its
   * turn sooner.
   */
  private void decideDue() {
    if (nextToRead < readBefore) {
      return;
    }
    while (!waiting.isEmpty()) {
      long head = waiting.head();
      long wait = rules.get(waiting.rules(head)).waitMillis();
      if (waiting.firstTime(head) + wait > time) {
        return;
      }
      decideHead();
    }
  }

  private void decideHead() {
    long head = waiting.head();
    long high = waiting.high(head);
    long low = waiting.low(head);
    long duration = waiting.durationNanos(head);
    long conditions = waiting.conditions(head);
    Outcome outcome = rules.get(waiting.rules(head)).policies().judge(low, duration, conditions);
    sink.decided(high, low, outcome, waiting.spans(head), duration, conditions);
    hash.of(high, low);
    remembered.put(hash, high, low, outcome, time);
    rules.release(waiting.rules(head));
    waiting.removeHead();
    current = NONE;
  }

  private void forget() {
    if (passTime == Long.MIN_VALUE) {
      return;
    }
    remembered.forgetBefore(passTime - limits.rememberMillis());
    while (remembered.size() > limits.maxRemembered()) {
      int before = remembered.size();
      // Up to the time that pass two has passed no slice needs what is forgotten.
      if (!remembered.forgetOldestBefore(passTime)) {
        return;
      }
      forgottenEarly += before - remembered.size();
    }
  }
}
