package dev.musa.benchmarks.jmh;

import dev.musa.rules.Condition;
import dev.musa.rules.Drop;
import dev.musa.rules.RuleSet;
import dev.musa.rules.Step;
import dev.musa.schemas.Signal;

/** Conditions as people write them. */
public enum SampleCondition {
  SEVERITY(Signal.LOGS, "severity >= ERROR"),
  STATUS(Signal.TRACES, "status.code == ERROR"),
  FIRST_ATTRIBUTE(Signal.TRACES, "attributes[\"http.request.method\"] == \"GET\""),
  /** The ninth of ten. */
  LATE_ATTRIBUTE(Signal.TRACES, "attributes[\"client.address\"].startsWith(\"10.1.1\")"),
  ABSENT_ATTRIBUTE(Signal.TRACES, "has(attributes[\"debug.session\"])"),
  ONE_OF(Signal.TRACES, "attributes[\"url.path\"] in [\"/livez\", \"/readyz\", \"/metrics\"]"),
  RESOURCE_PREFIX(Signal.TRACES, "resource[\"service.name\"].startsWith(\"check\")"),
  REGEX(Signal.TRACES, "attributes[\"url.path\"].matches(\"^/api/v1/(order|stock)/[0-9]+$\")"),
  COMBINATION(
      Signal.TRACES,
      "status.code == ERROR || duration > duration(\"120ms\")"
          + " || resource[\"service.name\"] == \"checkout\""
          + " && attributes[\"http.response.status_code\"] / 100 == 4");

  private final Signal signal;
  private final String expression;

  SampleCondition(Signal signal, String expression) {
    this.signal = signal;
    this.expression = expression;
  }

  Signal signal() {
    return signal;
  }

  /** The condition as a rule set has it, for one thread. */
  Condition compile() {
    RuleSet rules =
        Requests.rules(
            "%s:\n  - name: it\n    when: '%s'\n    drop: %s\n"
                .formatted(signal.label(), expression, signal == Signal.TRACES ? "span" : "record"),
            null);
    Step step =
        switch (signal) {
          case TRACES -> rules.traces().steps().getFirst();
          case LOGS -> rules.logs().steps().getFirst();
          case METRICS -> rules.metrics().steps().getFirst();
        };
    return ((Drop) step).when();
  }
}
