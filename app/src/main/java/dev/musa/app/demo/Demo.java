package dev.musa.app.demo;

import dev.musa.app.demo.Sent.Figures;
import dev.musa.app.terminal.Output;
import dev.musa.app.terminal.Screen;
import dev.musa.app.terminal.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Plays visits at a steady rate until told to stop, then waits for every answer. */
final class Demo {
  /** How much is played and how fast; a null limit does not limit. */
  record Script(double tracesPerSecond, @Nullable Long traces, @Nullable Duration duration) {

    /** How many traces should have been started by then. */
    long due(Duration elapsed) {
      Duration counted = duration != null && elapsed.compareTo(duration) > 0 ? duration : elapsed;
      long due = (long) (counted.toNanos() / 1e9 * tracesPerSecond);
      return traces == null ? due : Math.min(due, traces);
    }

    boolean isOver(Duration elapsed, long started) {
      return (traces != null && started >= traces)
          || (duration != null && elapsed.compareTo(duration) >= 0);
    }
  }

  private static final Duration TICK = Duration.ofMillis(20);
  private static final Duration REDRAW = Duration.ofSeconds(1);
  private static final Duration LOG_LINE = Duration.ofSeconds(10);
  private static final Duration FLUSH_LIMIT = Duration.ofSeconds(30);

  /** Beyond this many unanswered spans or log records no new trace is started. */
  private static final int BACKLOG_LIMIT = Instrumented.QUEUE / 2;

  private final Script script;
  private final Endpoint endpoint;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Screen screen;
  private final boolean terminal;

  Demo(
      Script script,
      Endpoint endpoint,
      InstantSource clock,
      RandomGenerator random,
      Output output) {
    this.script = script;
    this.endpoint = endpoint;
    this.clock = clock;
    this.random = random;
    this.screen = new Screen(output.out());
    this.terminal = output.terminal();
  }

  /** Returns what was sent, after the last answer. */
  Figures run(StopSignal stop) {
    Sent sent = new Sent();
    Instant begin = clock.instant();
    List<Pod> pods = Pod.all();
    Shop shop = new Shop(pods, endpoint, sent);
    try (shop) {
      play(shop, new Visits(pods, random), sent, begin, stop);
      shop.flush(FLUSH_LIMIT);
    }
    Figures figures = sent.figures();
    screen.redraw(List.of());
    screen.print(Summary.end(figures, Duration.between(begin, clock.instant()), endpoint.label()));
    return figures;
  }

  private void play(Shop shop, Visits visits, Sent sent, Instant begin, StopSignal stop) {
    long started = 0;
    Duration elapsed;
    Duration nextLine = terminal ? Duration.ZERO : LOG_LINE;
    do {
      elapsed = Duration.between(begin, clock.instant());
      long due = script.due(elapsed);
      boolean heldBack = false;
      while (started < due && !heldBack) {
        heldBack = sent.backlog() > BACKLOG_LIMIT;
        if (!heldBack) {
          shop.play(visits.next(), clock.instant());
          started++;
        }
      }
      if (elapsed.compareTo(nextLine) >= 0) {
        show(Summary.progress(sent.figures(), elapsed, heldBack));
        nextLine = nextLine.plus(terminal ? REDRAW : LOG_LINE);
      }
    } while (!script.isOver(elapsed, started) && !stop.await(TICK));
  }

  private void show(String line) {
    if (terminal) {
      screen.redraw(List.of(line));
    } else {
      screen.print(List.of(line));
    }
  }
}
