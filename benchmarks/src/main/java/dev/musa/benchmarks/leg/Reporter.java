package dev.musa.benchmarks.leg;

import dev.musa.app.terminal.Output;
import dev.musa.app.terminal.Screen;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Shows what goes on: a line that changes on a terminal, a line every ten seconds elsewhere. */
public final class Reporter {
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final long REDRAW_NANOS = 1_000_000_000L;
  private static final long LINE_NANOS = 10_000_000_000L;

  private final Output output;
  private final Screen screen;

  public Reporter(Output output) {
    this.output = output;
    this.screen = new Screen(output.out());
  }

  public void say(String line) {
    output.say(line);
  }

  /** Waits for something, and shows a line about it. */
  void until(BooleanSupplier done, Supplier<String> line) throws InterruptedException {
    long shown = System.nanoTime();
    while (!done.getAsBoolean()) {
      Thread.sleep(LOOK);
      long now = System.nanoTime();
      if (now - shown >= (output.terminal() ? REDRAW_NANOS : LINE_NANOS)) {
        shown = now;
        if (output.terminal()) {
          screen.redraw(List.of(line.get()));
        } else {
          output.say(line.get());
        }
      }
    }
    if (output.terminal()) {
      screen.redraw(List.of());
    }
  }
}
