package dev.musa.app;

import dev.musa.rules.PublishedRules;
import dev.musa.rules.RuleSet;
import dev.musa.rules.publish.Publication;
import dev.musa.rules.publish.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What {@code musa rules status} prints. */
final class RulesStatusText {
  private RulesStatusText() {}

  static List<String> lines(PublishedRules rules, long now) {
    List<String> lines = new ArrayList<>();
    RuleSet inForce = rules.at(now);
    Publication newest = rules.newest();
    lines.add(
        inForce.version().equals(RuleSet.EMPTY.version())
            ? "in force   none: everything is kept"
            : "in force   %s since %s"
                .formatted(inForce.version(), Instant.ofEpochMilli(inForce.activeFromUnixMilli())));
    if (newest != null) {
      if (!newest.version().equals(inForce.version())) {
        lines.add(
            "next       %s from %s"
                .formatted(newest.version(), Instant.ofEpochMilli(newest.activeFromUnixMilli())));
      }
      lines.add("files      " + String.join(", ", newest.files().keySet()));
    }
    Refusal refusal = rules.refusal();
    if (refusal != null) {
      lines.add(
          "refused    %s since %s, the rules before stay:"
              .formatted(refusal.directory(), Instant.ofEpochMilli(refusal.sinceUnixMilli())));
      for (String problem : refusal.problems()) {
        problem.lines().forEach(line -> lines.add("  " + line));
      }
    }
    return lines;
  }
}
