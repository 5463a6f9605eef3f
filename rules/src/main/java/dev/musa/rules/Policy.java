package dev.musa.rules;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One policy of tail sampling. It applies to a trace if everything that it names holds: a span that
 * fulfils {@code anySpan}, a duration of more than {@code longerThan} from the first start to the
 * last end, and a trace id within {@code probability}.
 */
public record Policy(
    String name,
    Verdict verdict,
    @Nullable Condition anySpan,
    @Nullable Duration longerThan,
    double probability) {
  /** What becomes of a trace that a policy applies to. */
  public enum Verdict {
    KEEP,
    DROP
  }
}
