package dev.musa.processors.stages;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.rules.AttributePath;
import dev.musa.rules.Drop;
import dev.musa.rules.Hash;
import dev.musa.rules.Join;
import dev.musa.rules.Keep;
import dev.musa.rules.KeyBuffer;
import dev.musa.rules.Limit;
import dev.musa.rules.Sample;
import dev.musa.rules.Step;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.AnyValueView;
import dev.musa.schemas.wire.Attributes;
import dev.musa.schemas.wire.OtlpCursor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs the steps of one rule set, in their order, over the items of one signal: filter, redact,
 * join, limit. Per Kafka record: {@link #begin}, {@link #run} for each item, {@link #end}.
 *
 * <p>For one thread. {@code Sample} steps are passed over: whole traces are decided elsewhere.
 */
public final class StepRunner {
  /** What {@link #run} returns for an item that no step has dropped. */
  public static final int KEPT = -1;

  private final Signal signal;
  private final Step[] steps;
  private final @Nullable LimitShare[] shares;
  private final Joins joins;
  private final long[] droppedItems;
  private final long[] droppedBytes;
  private final KeyBuffer key = new KeyBuffer();
  private final AnyValueView value = new AnyValueView();

  private String tenant = "";
  private byte[] tenantKey = {};
  private long recordTimeMillis;
  private @Nullable UnitOfWork work;

  /** Whether the item that was run last names a pod to a step that joins. */
  private boolean namesPod;

  /** For steps of which none joins. */
  public StepRunner(Signal signal, List<Step> steps, Limits limits) {
    this(signal, steps, limits, Joins.NONE);
  }

  public StepRunner(Signal signal, List<Step> steps, Limits limits, Joins joins) {
    this.signal = signal;
    this.joins = joins;
    this.steps = steps.toArray(Step[]::new);
    this.shares = new LimitShare[this.steps.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = this.steps[i] instanceof Limit limit ? limits.share(signal, limit) : null;
    }
    this.droppedItems = new long[this.steps.length];
    this.droppedBytes = new long[this.steps.length];
  }

  /** True if every item stays as it is, so that there is nothing to run. */
  public boolean isEmpty() {
    return steps.length == 0;
  }

  /** Starts a Kafka record: limits are kept per tenant and refill by the record's time. */
  public void begin(String tenant, long recordTimeMillis, UnitOfWork work) {
    if (!tenant.equals(this.tenant)) {
      this.tenant = tenant;
      this.tenantKey = tenant.getBytes(UTF_8);
    }
    this.recordTimeMillis = recordTimeMillis;
    this.work = work;
    Arrays.fill(droppedItems, 0);
    Arrays.fill(droppedBytes, 0);
  }

  /**
   * Runs the steps over one item.
   *
   * @return {@link #KEPT}, or the index of the step that dropped the item
   */
  public int run(OtlpCursor at, Edits edits) {
    namesPod = false;
    for (int i = 0; i < steps.length; i++) {
      if (!passes(i, at, edits)) {
        droppedItems[i]++;
        droppedBytes[i] += at.itemSize();
        return i;
      }
    }
    return KEPT;
  }

  /**
   * Why the item that was run last could not be joined to the pod that it names; empty if it was,
   * or names none.
   */
  public String unjoined() {
    return namesPod ? joins.reason() : "";
  }

  /** Ends a Kafka record: what the steps dropped of it is counted in its transaction. */
  public void end() {
    UnitOfWork target = current();
    for (int i = 0; i < steps.length; i++) {
      if (droppedItems[i] > 0) {
        target.count(tenant, signal, outcome(i), name(i), droppedItems[i], droppedBytes[i]);
      }
    }
    work = null;
  }

  /** The name of the step at this index: the reason in counters. */
  public String name(int step) {
    return steps[step].name();
  }

  private String outcome(int step) {
    return steps[step] instanceof Limit ? Outcomes.LIMITED : Outcomes.DROPPED;
  }

  private boolean passes(int index, OtlpCursor at, Edits edits) {
    Step step = steps[index];
    if (!step.when().test(at)) {
      return true;
    }
    return switch (step) {
      case Drop _ -> false;
      case Keep keep -> keep.keep().test(at);
      case Hash hash -> {
        redact(hash, at, edits);
        yield true;
      }
      case Join join -> {
        // One pod a point: what another step would add might be there twice.
        namesPod = namesPod || joins.join(join, at);
        yield true;
      }
      case Limit limit -> limit.exempt().test(at) || hasToken(index, limit, at);
      case Sample _ -> true;
    };
  }

  private void redact(Hash hash, OtlpCursor at, Edits edits) {
    for (AttributePath path : hash.paths()) {
      if (attributes(path, at).find(path.utf8Key(), value)) {
        edits.set(path, hash.hasher().hash(value));
      }
    }
  }

  private static Attributes attributes(AttributePath path, OtlpCursor at) {
    return switch (path.scope()) {
      case RESOURCE -> at.resource().attributes();
      case ITEM -> at.item().attributes();
    };
  }

  private boolean hasToken(int index, Limit limit, OtlpCursor at) {
    LimitShare share = shares[index];
    if (share == null) {
      throw new IllegalStateException("step " + limit.name() + " has no share of its limit");
    }
    key.reset();
    key.append(tenantKey);
    limit.by().appendTo(at, key);
    return share.take(key.buffer(), key.length(), recordTimeMillis, current());
  }

  private UnitOfWork current() {
    UnitOfWork current = work;
    if (current == null) {
      throw new IllegalStateException("begin() was not called for this record");
    }
    return current;
  }
}
