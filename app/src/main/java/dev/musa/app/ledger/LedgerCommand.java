package dev.musa.app.ledger;

import dev.musa.app.config.ConfigOptions;
import dev.musa.app.config.MusaConfig;
import dev.musa.app.terminal.Output;
import dev.musa.app.terminal.Screen;
import dev.musa.app.terminal.StopSignal;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code musa ledger}. */
@Command(
    name = "ledger",
    description =
        "Say what came in and what became of it, to the item; the exit code is 3 if the sum is not"
            + " right.",
    sortOptions = false)
public final class LedgerCommand implements Callable<Integer> {
  private static final int UNBALANCED = 3;
  private static final Duration REDRAW = Duration.ofSeconds(2);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  @Mixin private final ConfigOptions options = new ConfigOptions();

  @Option(names = "--tenant", paramLabel = "NAME", description = "Of this tenant only.")
  private @Nullable String tenant;

  @Option(names = "--signal", paramLabel = "NAME", description = "Only traces, logs or metrics.")
  private @Nullable String signal;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "What was done since then: a time such as 2026-01-31T08:00:00Z, or so long ago, such as"
              + " 2h. Without what is in flight.")
  private @Nullable String since;

  @Option(names = "--json", description = "For programs.")
  private boolean json;

  @Option(names = "--watch", description = "Go on, until it is stopped.")
  private boolean watch;

  private final Output output;
  private final Function<Duration, StopSignal> signals;
  private final BiFunction<MusaConfig, Signal, List<String>> sinksOf;

  /**
   * @param sinksOf the names of the sinks that take a signal
   */
  public LedgerCommand(
      Output output,
      Function<Duration, StopSignal> signals,
      BiFunction<MusaConfig, Signal, List<String>> sinksOf) {
    this.output = output;
    this.signals = signals;
    this.sinksOf = sinksOf;
  }

  @Override
  public Integer call() throws InterruptedException {
    MusaConfig config = options.read();
    KafkaConfig kafka = config.kafkaInUse();
    if (watch && since != null) {
      throw new StartupException("--watch and --since are given (expected: one of the two)");
    }
    Signal only = signalOf(signal);
    if (since != null) {
      return show(filtered(since(kafka, config, Times.ago(since, Instant.now())), only));
    }
    try (LedgerAudit audit =
        new LedgerAudit(
            kafka, config.topicNames(), config.groups(), each -> sinksOf.apply(config, each))) {
      return watch ? watch(audit, only) : show(filtered(audit.look(), only));
    }
  }

  private static Balance since(KafkaConfig kafka, MusaConfig config, Instant since) {
    try (LedgerReader reader =
        LedgerReader.connect(kafka, config.topicNames(), "musa-ledger-since")) {
      reader.readSince(since);
      return Balance.ofPart(reader.book().accounts(), config.topicNames())
          .withNotes(reader.notes());
    }
  }

  private int watch(LedgerAudit audit, @Nullable Signal only) throws InterruptedException {
    StopSignal stop = signals.apply(STOP_LIMIT);
    int code = 0;
    try {
      Screen screen = new Screen(output.out());
      do {
        Balance balance = filtered(audit.look(), only);
        code = balance.isBalanced() ? 0 : UNBALANCED;
        if (output.terminal() && !json) {
          screen.redraw(BalanceText.lines(balance, System.currentTimeMillis()));
        } else {
          show(balance);
        }
      } while (!stop.await(REDRAW));
      screen.release();
      return code;
    } finally {
      stop.finished(code);
    }
  }

  private int show(Balance balance) {
    if (json) {
      output.say(BalanceJson.of(balance));
    } else {
      BalanceText.lines(balance, System.currentTimeMillis()).forEach(output::say);
    }
    return balance.isBalanced() ? 0 : UNBALANCED;
  }

  private Balance filtered(Balance balance, @Nullable Signal only) {
    String of = tenant;
    return new Balance(
        balance.flows().stream()
            .filter(flow ->
                (of == null || flow.tenant().equals(of)) && (only == null || flow.signal() == only))
            .toList(),
        balance.differences().stream()
            .filter(difference ->
                // What has no tenant may be anybody's.
                (of == null || difference.tenant().isEmpty() || difference.tenant().equals(of))
                    && (only == null || difference.signal() == only))
            .toList(),
        balance.notes());
  }

  private static @Nullable Signal signalOf(@Nullable String label) {
    if (label == null) {
      return null;
    }
    return Arrays.stream(Signal.values())
        .filter(signal -> signal.label().equals(label))
        .findFirst()
        .orElseThrow(() ->
            new StartupException(
                "--signal is '" + label + "' (expected: traces, logs or metrics)"));
  }
}
