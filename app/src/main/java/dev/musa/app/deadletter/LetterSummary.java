package dev.musa.app.deadletter;

import dev.musa.schemas.Signal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Dead letters in groups: who gave them up, why, and whose they are. */
final class LetterSummary {
  private static final String ROW = "%-16s %-16s %-14s %-8s %9s %11s %9s  %s";

  private final SortedMap<Group, Sum> groups = new TreeMap<>();

  private record Group(String by, String reason, String tenant, String signal)
      implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      return Comparator.comparing(Group::by)
          .thenComparing(Group::reason)
          .thenComparing(Group::tenant)
          .thenComparing(Group::signal)
          .compare(this, other);
    }
  }

  private static final class Sum {
    private long letters;
    private long items;
    private long bytes;
    private long oldest = Long.MAX_VALUE;
    private long newest = Long.MIN_VALUE;
  }

  void add(Letter letter) {
    Signal signal = letter.signal();
    Sum sum =
        groups.computeIfAbsent(
            new Group(
                letter.givenUpBy(),
                letter.why().reason(),
                letter.tenant(),
                signal == null ? "?" : signal.label()),
            _ -> new Sum());
    sum.letters++;
    sum.items += letter.items();
    sum.bytes += letter.bytes();
    sum.oldest = Math.min(sum.oldest, letter.record().timestamp());
    sum.newest = Math.max(sum.newest, letter.record().timestamp());
  }

  long letters() {
    return groups.values().stream().mapToLong(sum -> sum.letters).sum();
  }

  List<String> lines() {
    if (groups.isEmpty()) {
      return List.of("no dead letters");
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        ROW.formatted(
            "GIVEN UP BY", "REASON", "TENANT", "SIGNAL", "LETTERS", "ITEMS", "KIB", "FROM - TO"));
    groups.forEach((group, sum) ->
        lines.add(
            ROW.formatted(
                group.by,
                group.reason,
                group.tenant.isEmpty() ? "?" : group.tenant,
                group.signal,
                "%,d".formatted(sum.letters),
                "%,d".formatted(sum.items),
                "%,d".formatted((sum.bytes + 1023) / 1024),
                time(sum.oldest) + " - " + time(sum.newest))));
    return lines;
  }

  /** One letter in one line. */
  static String line(Letter letter) {
    @Nullable String status = letter.why().status();
    return "%-10s %s  %s, %s%s, tenant %s, %,d items: %s"
        .formatted(
            letter.id(),
            time(letter.record().timestamp()),
            letter.givenUpBy(),
            letter.why().reason(),
            status == null ? "" : " (" + status + ")",
            letter.tenant().isEmpty() ? "?" : letter.tenant(),
            letter.items(),
            letter.why().message().replace('\n', ' '));
  }

  private static String time(long unixMilli) {
    return Instant.ofEpochMilli(unixMilli).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
