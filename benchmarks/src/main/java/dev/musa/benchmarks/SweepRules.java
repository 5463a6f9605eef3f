package dev.musa.benchmarks;

import dev.musa.benchmarks.leg.RuleFiles;
import dev.musa.runtime.config.Durations;
import java.nio.file.Path;
import java.time.Duration;

/** Rule sets of any size: all conditions are evaluated, none applies. */
final class SweepRules {
  private static final String HEADER = "apiVersion: musa.dev/v1\nkind: Rules\n";

  private SweepRules() {}

  /** So many steps for each signal, each with a condition on an attribute that is there. */
  static Path steps(Path directory, int count) {
    StringBuilder text = new StringBuilder(HEADER);
    steps(text, "traces", "span", "url.path", count);
    steps(text, "logs", "record", "user_agent.original", count);
    steps(text, "metrics", "point", "url.path", count);
    return RuleFiles.write(directory, text.toString());
  }

  /** Sampling by errors, duration and share, and as many more policies as make up the count. */
  static Path policies(Path directory, int count, Duration wait) {
    StringBuilder text = new StringBuilder(HEADER);
    text.append("traces:\n  - name: tail\n    sample:\n");
    text.append("      decide: {after: %s}\n      policies:\n".formatted(Durations.format(wait)));
    if (count > 2) {
      text.append("        - {name: errors, keep: {anySpan: status.code == ERROR}}\n");
      text.append("        - {name: slow, keep: {longerThan: 500ms}}\n");
    }
    for (int i = count > 2 ? 3 : 1; i < count; i++) {
      text.append("        - name: never-%d\n".formatted(i));
      text.append(
          "          keep: {anySpan: 'attributes[\"url.path\"] == \"/never/%d\"'}\n".formatted(i));
    }
    text.append("        - {name: rest, keep: {probability: 0.1}}\n");
    return RuleFiles.write(directory, text.toString());
  }

  private static void steps(
      StringBuilder text, String signal, String item, String attribute, int count) {
    text.append(signal).append(":\n");
    for (int i = 0; i < count; i++) {
      text.append("  - name: never-%d\n".formatted(i));
      text.append("    when: attributes[\"%s\"] == \"/never/%d\"\n".formatted(attribute, i));
      text.append("    drop: ").append(item).append('\n');
    }
  }
}
