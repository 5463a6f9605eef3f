package dev.musa.sinks.flow;

import dev.musa.schemas.ledger.Line;
import dev.musa.schemas.wire.MalformedOtlpException;
import dev.musa.sinks.backend.Answer;
import dev.musa.sinks.backend.Backend;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one batch to its end: every item delivered, dead-lettered or accounted for otherwise,
 * however often it has to be sent or divided. Thread-safe; each batch runs on a thread of its own,
 * and interrupting that gives the batch up.
 */
public final class Delivery {
  private static final Logger log = LoggerFactory.getLogger(Delivery.class);

  /** Tries of an answer that may be a passing fault or a guilty item. */
  private static final int DOUBTFUL_TRIES = 3;

  /** The same while the backend has taken nothing else and may be down. */
  private static final int DOUBTFUL_TRIES_UNPROVEN = 12;

  /** Throttled parts this small are not too large for anything: they wait instead. */
  private static final int SMALLEST_THROTTLED_SPLIT = 64 * 1024;

  /** Tries of one item that is throttled as if it alone were too large. */
  private static final int THROTTLED_TRIES = 10;

  /**
   * Guilty items that are told from innocent ones at full cost in one batch, of two requests per
   * halving; what is beyond is dead-lettered in the parts that it was refused in. A batch of
   * several tenants is then taken apart by tenant, and the same holds for each.
   */
  private static final int GUILTY_PER_BATCH = 16;

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
  private static final String BAD_HEADERS = "bad_headers";

  private final Backend backend;
  private final DeadLetters deadLetters;
  private final SinkStatus status;
  private final RequestSize size;
  private final IntFunction<Duration> backoff;
  private final Pause pause;
  private final Events events;

  /**
   * @param backoff the pause after attempt 0, 1, ...: with full jitter
   */
  public Delivery(
      Backend backend,
      DeadLetters deadLetters,
      SinkStatus status,
      RequestSize size,
      IntFunction<Duration> backoff,
      Pause pause,
      Events events) {
    this.backend = backend;
    this.deadLetters = deadLetters;
    this.status = status;
    this.size = size;
    this.backoff = backoff;
    this.pause = pause;
    this.events = events;
  }

  /**
   * Returns when the batch may be committed, and what became of it; the receipts of its records say
   * the same, and hold the dead letters that are to be written with the commit.
   */
  public Tally run(Batch batch) throws InterruptedException {
    var unreadable = batch.unreadable();
    return unreadable == null ? new Run(batch).deliver() : refuse(unreadable);
  }

  private Tally refuse(Batch.Unreadable unreadable) {
    var tally = new Tally();
    var refusal = new DeadLetters.Refusal(BAD_HEADERS, null, unreadable.reason());
    int bytes = Batch.lengthOf(unreadable.source());
    unreadable.receipt().deadLetter(deadLetters.of(unreadable, refusal), BAD_HEADERS, 0, bytes);
    // It does not say how many items it holds; it counts as one.
    tally.add(new Line(Flow.UNKNOWN_TENANT, Tally.DEAD_LETTERED, BAD_HEADERS, 1, bytes));
    return tally;
  }

  /** One batch on its way. */
  private final class Run {
    private final Batch batch;
    private final Tally tally = new Tally();
    private final ArrayDeque<Part> todo = new ArrayDeque<>();
    private final long acceptedBefore = status.accepted();

    /** Divisions so far, by tenant; the empty one for parts of several. */
    private final Map<String, Integer> divisions = new HashMap<>(1);

    private final int mostDivisions;
    private boolean suspicious;

    Run(Batch batch) {
      this.batch = batch;
      var whole = new Part(List.copyOf(batch.pieces()));
      todo.push(whole);
      int halvings = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, whole.items()));
      mostDivisions = GUILTY_PER_BATCH * (halvings + 1);
    }

    Tally deliver() throws InterruptedException {
      for (var part = todo.poll(); part != null; part = todo.poll()) {
        if (part.bytes() <= size.target() || !divide(part)) {
          send(part);
        }
      }
      return tally;
    }

    /** Sends a part until it has an answer that is not "try again", and does what that says. */
    private void send(Part whole) throws InterruptedException {
      var part = whole;
      int doubtful = 0;
      int throttled = 0;
      for (int attempt = 0; ; attempt++) {
        switch (ask(part)) {
          case Answer.Delivered(long rejected, var message) -> {
            delivered(part, rejected, message);
            return;
          }
          case Answer.DroppedByBackend(var code, var message) -> {
            dropped(part, "blocked_by_backend", code, message);
            return;
          }
          case Answer.Bisect(boolean older, var code, var message) -> {
            if (!mayDivide(part) || !divide(part)) {
              giveUp(part, older, new DeadLetters.Refusal("refused", code, message));
            }
            return;
          }
          case Answer.Split(boolean mayPass, var code, var message) -> {
            boolean small = mayPass && part.bytes() <= SMALLEST_THROTTLED_SPLIT;
            if (!small) {
              size.tooLarge(part.bytes());
            }
            if (!small && divide(part)) {
              return;
            }
            if (!mayPass || (throttled++ >= THROTTLED_TRIES && !small)) {
              refused(part, false, new DeadLetters.Refusal("too_large", code, message));
              return;
            }
            again(attempt, Duration.ZERO);
          }
          case Answer.Doubtful(var code, var message) -> {
            doubtful++;
            if (doubtful >= triesBeforeDivision() && mayDivide(part) && divide(part)) {
              suspicious = true;
              return;
            }
            if (doubtful >= triesBeforeRefusal()) {
              giveUp(part, false, new DeadLetters.Refusal("refused", code, message));
              return;
            }
            again(attempt, Duration.ZERO);
          }
          case Answer.Retry(var after, _, _) -> {
            part = part.sent();
            again(attempt, after);
          }
          case Answer.Misconfigured _ -> events.retried(); // The status paces the next attempt.
        }
      }
    }

    private boolean mayDivide(Part part) {
      Set<String> tenants = part.tenants();
      String whose = tenants.size() == 1 ? tenants.iterator().next() : "";
      return divisions.merge(whose, 1, Integer::sum) <= mostDivisions;
    }

    /** One tenant's guilty items must not take another's innocent ones with them. */
    private void giveUp(Part part, boolean older, DeadLetters.Refusal refusal) {
      var apart = part.byTenant();
      if (apart.size() == 1) {
        refused(part, older, refusal);
        return;
      }
      events.divided();
      for (var each : apart.reversed()) {
        todo.push(each);
      }
    }

    private int triesBeforeDivision() {
      return suspicious ? 1 : DOUBTFUL_TRIES;
    }

    /** A backend that took something since this batch began is not down: the item is guilty. */
    private int triesBeforeRefusal() {
      return status.accepted() > acceptedBefore ? DOUBTFUL_TRIES : DOUBTFUL_TRIES_UNPROVEN;
    }

    private Answer ask(Part part) throws InterruptedException {
      boolean probe = status.awaitTurn();
      @Nullable Answer answer = null;
      try {
        answer = backend.deliver(batch.signal(), batch.orgId(), part.request());
      } catch (RuntimeException e) {
        // A fault of MUSA's own must neither lose the batch nor end the sink.
        log.atError()
            .setCause(e)
            .addKeyValue("tenants", part.tenantsInWords())
            .log("Delivery failed");
        answer = new Answer.Retry(Duration.ZERO, "internal", e.toString());
      } finally {
        if (answer == null) {
          status.probeEnded(probe);
        }
      }
      status.answered(answer, probe);
      return answer;
    }

    private void again(int attempt, Duration asked) throws InterruptedException {
      events.retried();
      var own = backoff.apply(attempt);
      // On top of what the backend asks for, so that not everybody comes back at once.
      var wait = asked.plus(min(own, asked.isZero() ? own : asked));
      pause.pause(min(wait, LONGEST_WAIT));
    }

    /** Puts the halves of a part in its place; false if it cannot be divided. */
    private boolean divide(Part part) {
      List<Part> halves;
      try {
        halves = part.halves(batch.signal());
      } catch (MalformedOtlpException e) {
        log.atDebug()
            .addKeyValue("tenants", part.tenantsInWords())
            .log("A record cannot be divided");
        return false;
      }
      if (halves.isEmpty()) {
        return false;
      }
      events.divided();
      for (var half : halves.reversed()) {
        todo.push(half);
      }
      return true;
    }

    private void delivered(Part part, long rejected, String message) {
      size.accepted(part.bytes());
      long left = Math.min(rejected, part.items());
      if (left > 0) {
        status.dropped(part::tenantsInWords, left, "partial success", message);
      } else if (!message.isEmpty()) {
        log.atDebug()
            .addKeyValue("tenants", part.tenantsInWords())
            .addKeyValue("answer", message)
            .log("Backend took a request with a warning");
      }
      deliveredBut(part, left);
    }

    /** Which items the backend did not take it does not say: the first ones, for the count. */
    private void deliveredBut(Part part, long rejected) {
      long left = rejected;
      for (var piece : part.pieces()) {
        long without = Math.min(left, piece.items());
        left -= without;
        long bytes = shareOfBytes(piece, without);
        add(piece, Tally.DROPPED, "rejected_by_backend", without, bytes);
        add(piece, Tally.DELIVERED, "", piece.items() - without, piece.bytes().length - bytes);
      }
    }

    private void dropped(Part part, String reason, String code, String message) {
      status.dropped(part::tenantsInWords, part.items(), code, message);
      for (var piece : part.pieces()) {
        add(piece, Tally.DROPPED, reason, piece.items(), piece.bytes().length);
      }
    }

    private void refused(Part part, boolean older, DeadLetters.Refusal refusal) {
      // Several items in one answer may hold one that is not stored: only a single one is a repeat.
      boolean repeated = older && part.maybeSent() && part.items() <= 1;
      for (var piece : part.pieces()) {
        int bytes = piece.bytes().length;
        if (repeated) {
          add(piece, Tally.UNCERTAIN, "older_or_repeated", piece.items(), bytes);
        } else {
          var letter = deadLetters.of(piece, refusal);
          piece.receipt().deadLetter(letter, refusal.reason(), piece.items(), bytes);
          count(piece, Tally.DEAD_LETTERED, refusal.reason(), piece.items(), bytes);
        }
      }
    }

    private void add(Piece piece, String outcome, String reason, long items, long bytes) {
      piece.receipt().add(outcome, reason, items, bytes);
      count(piece, outcome, reason, items, bytes);
    }

    private void count(Piece piece, String outcome, String reason, long items, long bytes) {
      tally.add(new Line(piece.headers().tenant(), outcome, reason, items, bytes));
    }

    private static long shareOfBytes(Piece piece, long items) {
      return items == 0 ? 0 : piece.bytes().length * items / piece.items();
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
