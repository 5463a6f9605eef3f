package dev.musa.app.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.app.config.ConfigOptions;
import dev.musa.app.config.MusaConfig;
import dev.musa.app.deadletter.LetterFilter.Bounds;
import dev.musa.app.terminal.Output;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.schemas.Signal;
import dev.musa.schemas.json.OtlpJson;
import dev.musa.schemas.wire.MalformedOtlpException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code musa deadletter}. */
@Command(
    name = "deadletter",
    description = "Look at what could not be processed or delivered, and deal with it.",
    synopsisSubcommandLabel = "COMMAND")
public final class DeadLetterCommand {
  private static final int NOT_FOUND = 1;
  private static final int BATCH = 200;
  private static final long BATCH_BYTES = 4L << 20;
  private static final Duration BETWEEN_PROGRESS = Duration.ofSeconds(1);
  private static final int MOST_HEX_BYTES = 512;

  private final Output output;
  private final BiFunction<MusaConfig, Signal, List<String>> sinksOf;
  private long progressAt = System.nanoTime();

  /**
   * @param sinksOf the names of the sinks that take a signal
   */
  public DeadLetterCommand(Output output, BiFunction<MusaConfig, Signal, List<String>> sinksOf) {
    this.output = output;
    this.sinksOf = sinksOf;
  }

  @Command(name = "list", description = "How many there are, of whom and why.", sortOptions = false)
  int list(
      @Mixin ConfigOptions options,
      @Mixin LetterFilter filter,
      @Option(names = "--each", description = "A line for each of them, with its ID.")
          boolean each) {
    LetterSummary summary = new LetterSummary();
    read(
        options.read(),
        filter,
        letter -> {
          summary.add(letter);
          if (each) {
            output.say(LetterSummary.line(letter));
          }
        });
    if (!each || summary.letters() == 0) {
      summary.lines().forEach(output::say);
    }
    return 0;
  }

  @Command(name = "show", description = "All of one: headers and content.", sortOptions = false)
  int show(
      @Mixin ConfigOptions options,
      @Parameters(paramLabel = "ID", description = "As `musa deadletter list --each` names it.")
          String id) {
    LetterFilter filter = new LetterFilter();
    filter.id = id;
    boolean[] found = new boolean[1];
    read(
        options.read(),
        filter,
        letter -> {
          found[0] = true;
          show(letter);
        });
    if (!found[0]) {
      output.complain(
          "musa: no dead letter '%s' that is not dealt with (expected: an ID that `musa deadletter list --each` shows)"
              .formatted(id));
      return NOT_FOUND;
    }
    return 0;
  }

  @Command(
      name = "redrive",
      description =
          "Send them once more: to the sink that gave them up, or to the processors. Each is sent"
              + " once, whatever becomes of it then.",
      sortOptions = false)
  int redrive(
      @Mixin ConfigOptions options,
      @Mixin LetterFilter filter,
      @Option(
              names = "--to",
              paramLabel = "NAME",
              description = "To this sink, instead of the one that gave them up.")
          @Nullable String to,
      @Option(names = "--dry-run", description = "Only say which ones.") boolean dryRun) {
    MusaConfig config = options.read();
    return deal(
        config,
        filter,
        dryRun,
        "sent again",
        letter -> whyNotAgain(config, letter, to),
        (desk, letters) -> desk.redrive(letters, to));
  }

  @Command(
      name = "drop",
      description = "Give them up for good; the ledger says so.",
      sortOptions = false)
  int drop(
      @Mixin ConfigOptions options,
      @Mixin LetterFilter filter,
      @Option(names = "--dry-run", description = "Only say which ones.") boolean dryRun) {
    return deal(options.read(), filter, dryRun, "dropped", _ -> null, LetterDesk::drop);
  }

  /** What is done with some letters. */
  private interface Deed {
    void with(LetterDesk desk, List<Letter> letters);
  }

  /** What keeps a letter from being sent again; null if nothing does. */
  private @Nullable String whyNotAgain(MusaConfig config, Letter letter, @Nullable String to) {
    Signal signal = letter.signal();
    if (signal == null || !LetterDesk.isRedrivable(letter)) {
      return "they have no headers of telemetry, so that no stage takes them";
    }
    String sink = letter.why().sink();
    if (sink == null) {
      return null;
    }
    List<String> names = sinksOf.apply(config, signal);
    String target = to == null ? sink : to;
    return names.contains(target)
        ? null
        : "no sink '%s' takes %s (expected: --to one of %s)"
            .formatted(target, signal.label(), String.join(", ", names));
  }

  private int deal(
      MusaConfig config,
      LetterFilter filter,
      boolean dryRun,
      String done,
      Function<Letter, @Nullable String> hindrance,
      Deed deed) {
    LetterSummary summary = new LetterSummary();
    Map<String, Long> left = new TreeMap<>();
    Predicate<Letter> isFit =
        letter -> {
          String why = hindrance.apply(letter);
          if (why != null) {
            left.merge(why, 1L, Long::sum);
          }
          return why == null;
        };
    if (dryRun) {
      read(
          config,
          filter,
          letter -> {
            if (isFit.test(letter)) {
              summary.add(letter);
            }
          });
    } else {
      deal(config, filter, done, isFit, deed, summary);
    }
    if (summary.letters() > 0 || left.isEmpty()) {
      summary.lines().forEach(output::say);
    }
    output.say(
        dryRun
            ? "nothing was %s (--dry-run)".formatted(done)
            : "%,d dead letters were %s".formatted(summary.letters(), done));
    left.forEach((why, letters) -> output.say("%,d were left: %s".formatted(letters, why)));
    return 0;
  }

  private void deal(
      MusaConfig config,
      LetterFilter filter,
      String done,
      Predicate<Letter> isFit,
      Deed deed,
      LetterSummary summary) {
    try (LetterDesk desk =
            LetterDesk.open(
                config.kafkaInUse(),
                config.topicNames(),
                KafkaConfig.requestBytes(config.maxRecordBytes()));
        LetterBox box = LetterBox.connect(config.kafkaInUse(), config.topicNames())) {
      List<Letter> batch = new ArrayList<>();
      long[] bytes = new long[1];
      read(
          box,
          filter,
          letter -> {
            if (isFit.test(letter)) {
              batch.add(letter);
              bytes[0] += letter.bytes();
            }
            if (batch.size() == BATCH || bytes[0] >= BATCH_BYTES) {
              commit(desk, batch, deed, summary);
              bytes[0] = 0;
              progress(summary, done);
            }
          });
      commit(desk, batch, deed, summary);
      desk.forget(box.outlived());
    }
  }

  private static void commit(
      LetterDesk desk, List<Letter> batch, Deed deed, LetterSummary summary) {
    if (!batch.isEmpty()) {
      deed.with(desk, batch);
      batch.forEach(summary::add);
      batch.clear();
    }
  }

  private void progress(LetterSummary summary, String done) {
    if (System.nanoTime() - progressAt >= BETWEEN_PROGRESS.toNanos()) {
      progressAt = System.nanoTime();
      output.complain("%,d %s so far".formatted(summary.letters(), done));
    }
  }

  private static void read(MusaConfig config, LetterFilter filter, Consumer<Letter> each) {
    try (LetterBox box = LetterBox.connect(config.kafkaInUse(), config.topicNames())) {
      read(box, filter, each);
    }
  }

  private static void read(LetterBox box, LetterFilter filter, Consumer<Letter> each) {
    Bounds bounds = filter.bounds(Instant.now());
    box.read(letter -> {
      if (filter.takes(letter, bounds)) {
        each.accept(letter);
      }
    });
  }

  private void show(Letter letter) {
    output.say(LetterSummary.line(letter));
    for (Header header : letter.record().headers()) {
      String value = header.value() == null ? "" : new String(header.value(), UTF_8);
      output.say("  " + header.key() + ": " + value);
    }
    byte @Nullable [] value = letter.record().value();
    Signal signal = letter.signal();
    if (value == null) {
      output.say("  (no content)");
    } else if (signal == null || !showJson(signal, value)) {
      int shown = Math.min(value.length, MOST_HEX_BYTES);
      output.say(
          "  %,d bytes, not readable as OTLP: %s%s"
              .formatted(
                  value.length,
                  HexFormat.of().formatHex(value, 0, shown),
                  shown < value.length ? "..." : ""));
    }
  }

  private boolean showJson(Signal signal, byte[] value) {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try {
      OtlpJson.writeLine(signal, value, json);
    } catch (MalformedOtlpException _) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    output.say(json.toString(UTF_8).stripTrailing());
    return true;
  }
}
