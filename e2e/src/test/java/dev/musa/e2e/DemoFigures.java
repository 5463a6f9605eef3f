package dev.musa.e2e;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code musa demo} says at its end that it sent, as a user reads it. */
record DemoFigures(
    long traces,
    long errorTraces,
    long slowTraces,
    long errorAndSlowTraces,
    long probes,
    long spans,
    long logRecords,
    long errorLogRecords,
    long points) {
  private static final String NUMBER = "([\\d,]+)";

  static DemoFigures of(List<String> output) {
    String text = String.join("\n", output);
    Matcher traces =
        find(
            "traces +#   error #, slow # \\(both #\\), health checks #".replace("#", NUMBER), text);
    Matcher logs = find("log records +#.* ERROR #".replace("#", NUMBER), text);
    return new DemoFigures(
        number(traces, 1),
        number(traces, 2),
        number(traces, 3),
        number(traces, 4),
        number(traces, 5),
        number(find("\n  spans +" + NUMBER, text), 1),
        number(logs, 1),
        number(logs, 2),
        number(find("\n  points +" + NUMBER, text), 1));
  }

  private static Matcher find(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    if (!matcher.find()) {
      throw new AssertionError("no '" + pattern + "' in what the demo said: " + text);
    }
    return matcher;
  }

  private static long number(Matcher matcher, int group) {
    return Long.parseLong(matcher.group(group).replace(",", ""));
  }
}
