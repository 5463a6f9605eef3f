package dev.musa.app.deadletter;

import dev.musa.app.ledger.Times;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which dead letters are meant; all, if nothing is said. */
final class LetterFilter {
  @Option(names = "--sink", paramLabel = "NAME", description = "Given up by this sink.")
  @Nullable String sink;

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description = "For this reason, such as refused, too_large or malformed.")
  @Nullable String reason;

  @Option(names = "--tenant", paramLabel = "NAME", description = "Of this tenant.")
  @Nullable String tenant;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Not before: a time such as 2026-01-31T08:00:00Z, or so long ago, such as 2h.")
  @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "Not after.")
  @Nullable String until;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Only this one, as `musa deadletter list --each` names it.")
  @Nullable String id;

  /** Makes up the times. */
  Bounds bounds(Instant now) {
    return new Bounds(
        since == null ? Long.MIN_VALUE : Times.ago(since, now).toEpochMilli(),
        until == null ? Long.MAX_VALUE : Times.ago(until, now).toEpochMilli());
  }

  record Bounds(long sinceUnixMilli, long untilUnixMilli) {}

  boolean takes(Letter letter, Bounds bounds) {
    long time = letter.record().timestamp();
    return time >= bounds.sinceUnixMilli
        && time <= bounds.untilUnixMilli
        && is(sink, letter.why().sink())
        && is(reason, letter.why().reason())
        && is(tenant, letter.tenant())
        && is(id, letter.id());
  }

  private static boolean is(@Nullable String wanted, @Nullable String has) {
    return wanted == null || wanted.equals(has);
  }
}
