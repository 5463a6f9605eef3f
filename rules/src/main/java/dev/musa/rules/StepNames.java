package dev.musa.rules;

import dev.musa.rules.yaml.Mapping;
import dev.musa.rules.yaml.Position;
import dev.musa.rules.yaml.Scalar;
import dev.musa.rules.yaml.Value;
import dev.musa.schemas.Signal;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The names of a signal's steps and policies, which are the reasons in counters and headers. */
final class StepNames {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");
  private static final String EXPECTED = "up to 63 letters, digits, - _ and .";

  private final Signal signal;
  private final Map<String, Position> used = new HashMap<>();

  StepNames(Signal signal) {
    this.signal = signal;
  }

  /** The value of the key {@code name}; the empty text if there is none, with a problem added. */
  String read(Mapping mapping) {
    Value value = mapping.require("name", EXPECTED);
    Scalar name = value == null ? null : value.text(EXPECTED);
    if (name == null) {
      return "";
    }
    Position first = used.putIfAbsent(name.text(), name.position());
    if (!NAME.matcher(name.text()).matches()) {
      name.refuse("'" + name.text() + "' cannot be a name", EXPECTED);
    } else if (first != null) {
      name.refuse(
          "the name '" + name.text() + "' is used twice for " + signal.label(),
          "another name; the first is in %s, line %d"
              .formatted(first.source().name(), first.line() + 1));
    }
    return name.text();
  }
}
