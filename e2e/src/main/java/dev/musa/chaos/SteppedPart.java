package dev.musa.chaos;

import java.nio.file.Path;
import java.util.Arrays;

/** {@code musa}, by a clock that can be set: the file first, then what {@code musa} takes. */
final class SteppedPart {
  private SteppedPart() {}

  public static void main(String[] arguments) {
    SteppedClock clock = new SteppedClock(Path.of(arguments[0]));
    System.exit(dev.musa.app.Main.run(clock, Arrays.copyOfRange(arguments, 1, arguments.length)));
  }
}
