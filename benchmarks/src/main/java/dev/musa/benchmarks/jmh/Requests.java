package dev.musa.benchmarks.jmh;

import dev.musa.benchmarks.payload.Payload;
import dev.musa.benchmarks.payload.Pool;
import dev.musa.benchmarks.payload.Stamp;
import dev.musa.benchmarks.payload.Template;
import dev.musa.benchmarks.payload.Traffic;
import dev.musa.rules.HashKey;
import dev.musa.rules.RuleException;
import dev.musa.rules.RuleSet;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.OtlpCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is measured with: some requests of the default payload, whichever signal it is. */
final class Requests {
  /**
   * The items of the requests together: 32 requests with spans, 16 with log records, 8 with points.
   * Enough that no branch predictor learns them, few enough to stay in the second-level cache,
   * where a request that was just received is too.
   */
  static final int ITEMS = 1600;

  /** Items that benchmarks of a single look at an item go round. */
  static final int SPOTS = 64;

  private static final long SEED = 4;
  private static final Stamp STAMP = Stamp.ofCycle(SEED, 0, 1_750_000_000_000_000_000L);

  private Requests() {}

  static List<Template> templates(Signal signal) {
    Traffic traffic =
        switch (signal) {
          case TRACES -> Traffic.TRACES;
          case LOGS -> Traffic.LOGS;
          case METRICS -> Traffic.METRICS;
        };
    List<Template> chosen = new ArrayList<>();
    int items = 0;
    for (Template template : Pool.of(Payload.named("default"), traffic, SEED).templates()) {
      if (items < ITEMS) {
        chosen.add(template);
        items += template.items();
      }
    }
    check("items of the requests", items, ITEMS);
    return chosen;
  }

  static byte[][] of(Signal signal) {
    return templates(signal).stream().map(Requests::bytes).toArray(byte[][]::new);
  }

  static byte[] bytes(Template template) {
    byte[] bytes = new byte[template.size()];
    template.writeTo(bytes, STAMP);
    return bytes;
  }

  /** Cursors that stand at items of several requests. */
  static OtlpCursor[] spots(Signal signal) {
    OtlpCursor[] spots = new OtlpCursor[SPOTS];
    byte[][] requests = of(signal);
    for (int i = 0; i < SPOTS; i++) {
      spots[i] = new OtlpCursor(signal);
      spots[i].reset(requests[i % requests.length]);
      for (int skipped = 0; skipped <= i / 2; skipped++) {
        if (!spots[i].next()) {
          throw new IllegalStateException("a request has too few items: " + skipped);
        }
      }
    }
    return spots;
  }

  /** A rule set with one file of these lines, below its head. */
  static RuleSet rules(String yaml, @Nullable HashKey hashKey) {
    try {
      return RuleSet.load(
          Map.of("rules.yaml", "apiVersion: musa.dev/v1\nkind: Rules\n" + yaml), hashKey);
    } catch (RuleException e) {
      throw new IllegalStateException(yaml + e.problems(), e);
    }
  }

  /** Called in the setup of a benchmark, so that it cannot measure something else. */
  static void check(String what, long actual, long expected) {
    if (actual != expected) {
      throw new IllegalStateException(what + ": " + actual + " (expected: " + expected + ")");
    }
  }
}
