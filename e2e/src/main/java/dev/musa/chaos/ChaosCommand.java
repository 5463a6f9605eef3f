package dev.musa.chaos;

import dev.musa.app.terminal.Output;
import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code musa chaos}. */
@Command(
    name = "chaos",
    description =
        "Send a known load, let things go wrong at random moments, and compare item by item. The"
            + " exit code is 1 if anything is lost, split, or not in the ledger.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ChaosCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int PORTS = 30;
  private static final Duration RECOVERY = Duration.ofMinutes(3);
  private static final Duration DRAIN = Duration.ofMinutes(5);
  private static final Duration BETWEEN = Duration.ofSeconds(4);
  private static final Duration WARM_UP = Duration.ofSeconds(5);

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "How long, with what was run before --resume (default: 5, unless --rounds).")
  private int minutes;

  @Option(names = "--rounds", paramLabel = "N", description = "How many faults, instead of a time.")
  private int rounds;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed makes the same faults in the same order.")
  private long seed;

  @Option(
      names = "--faults",
      paramLabel = "NAME",
      split = ",",
      description = "Only these, several with commas; --list names them (default: all).")
  private List<String> only = List.of();

  @Option(names = "--list", description = "Only name the faults.")
  private boolean list;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "chaos-data",
      description = "Where everything lies (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of("chaos-data");

  @Option(names = "--resume", description = "Go on with an interrupted run in --data.")
  private boolean resume;

  private final Output output;

  ChaosCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (list) {
      Faults.names().forEach(output::say);
      return 0;
    }
    for (String name : only) {
      if (!Faults.names().contains(name)) {
        throw new StartupException(
            "--faults names '%s' (expected: some of %s)"
                .formatted(name, String.join(", ", Faults.names())));
      }
    }
    Path state = directory.resolve("progress.properties");
    boolean exists = Files.exists(state);
    if (exists != resume) {
      throw new StartupException(
          exists
              ? directory + " holds a run (expected: --resume, or another --data)"
              : "--resume is given, but there is no run in " + directory);
    }
    if (minutes == 0 && rounds == 0) {
      minutes = 5;
    }
    Files.createDirectories(directory);
    Progress progress = resume ? Progress.read(state) : begin(state);
    Traffic traffic = new Traffic(progress.seed());
    try (Arrivals arrivals = new Arrivals(directory.resolve("arrived.tape"));
        Backend backend = Backend.start(progress.backendPort(), arrivals);
        Sent sent = new Sent(directory.resolve("sent.tape"));
        Plant plant =
            new Plant(
                directory, new Plant.PlantPorts(progress.firstPort()), progress.backendPort())) {
      Faults faults =
          new Faults(plant, backend, new Random(progress.seed() * 31 + progress.rounds()));
      return run(plant, faults, traffic, sent, arrivals, progress);
    }
  }

  private Progress begin(Path state) throws IOException {
    int first = freeRange();
    Progress progress = Progress.fresh(state, seed, first, first + PORTS - 1);
    progress.write();
    return progress;
  }

  /** Below the ports that the system gives away, so that nobody takes one during a restart. */
  private static int freeRange() throws IOException {
    Random random = new Random();
    for (int attempt = 0; attempt < 100; attempt++) {
      int first = 20_000 + PORTS * random.nextInt(400);
      boolean free = true;
      for (int port = first; free && port < first + PORTS; port++) {
        free = isFree(port);
      }
      if (free) {
        return first;
      }
    }
    throw new StartupException(
        "no " + PORTS + " free ports in a row between 20000 and 32000 (expected: some)");
  }

  private static boolean isFree(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (java.net.BindException _) {
      return false;
    }
  }

  private int run(
      Plant plant, Faults faults, Traffic traffic, Sent sent, Arrivals arrivals, Progress progress)
      throws InterruptedException {
    List<String> names = only.isEmpty() ? Faults.names() : only;
    plant.writeRules(Traffic.RULES.formatted(Traffic.SMALL_SHARE));
    plant.start();
    output.say("everything runs, seed %d, in %s".formatted(progress.seed(), directory));
    List<String> complaints = new ArrayList<>();
    Random random = new Random(progress.seed() + progress.rounds());
    try (Load load = new Load(traffic, sent, plant.intakePort())) {
      load.start();
      TimeUnit.MILLISECONDS.sleep(WARM_UP.toMillis());
      while (complaints.isEmpty() && !isDone(progress)) {
        long begun = System.nanoTime();
        String name = names.get(random.nextInt(names.size()));
        TimeUnit.MILLISECONDS.sleep(random.nextLong(BETWEEN.toMillis()));
        round(name, faults, sent, arrivals, progress, complaints);
        if (!load.refusal().isEmpty()) {
          complaints.add(load.refusal());
        }
        progress.ran(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        progress.write();
      }
    }
    drain(plant, complaints);
    Verdict verdict = new Verdict(traffic, sent, arrivals, progress.rulesChanged()).judge();
    complaints.addAll(verdict.faults());
    report(sent, arrivals, progress, verdict);
    complaints.forEach(complaint -> output.complain("WRONG: " + complaint));
    return complaints.isEmpty() && verdict.isGood() ? 0 : FAILED;
  }

  private boolean isDone(Progress progress) {
    return rounds > 0
        ? progress.rounds() >= rounds
        : progress.millis() >= TimeUnit.MINUTES.toMillis(minutes);
  }

  private void round(
      String name,
      Faults faults,
      Sent sent,
      Arrivals arrivals,
      Progress progress,
      List<String> complaints)
      throws InterruptedException {
    long took;
    try {
      faults.named(name).happen();
      long over = System.nanoTime();
      long[] begun = new long[Kind.values().length];
      for (Kind kind : Kind.values()) {
        begun[kind.code()] = sent.begun(kind);
      }
      boolean recovered =
          await(
              RECOVERY,
              () -> {
                for (Kind kind : Kind.values()) {
                  if (arrivals.newestOf(kind) < begun[kind.code()]) {
                    return false;
                  }
                }
                return true;
              });
      took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - over);
      if (!recovered) {
        complaints.add(
            "%s: not everything arrives again within %d s".formatted(name, RECOVERY.toSeconds()));
      }
    } catch (ChaosException e) {
      complaints.add(name + ": " + e.getMessage());
      return;
    }
    progress.happened(name, took);
    output.say(
        "%3d  %-22s recovered after %,d ms, %,d acknowledged so far"
            .formatted(progress.rounds(), name, took, acknowledged(sent)));
  }

  private static long acknowledged(Sent sent) {
    return (long) sent.acknowledged(Kind.SPAN).size() * Traffic.SPANS
        + sent.acknowledged(Kind.LOG).size()
        + sent.acknowledged(Kind.POINT).size();
  }

  /** Until nothing is in flight, and the ledger says that it balances. */
  private void drain(Plant plant, List<String> complaints) throws InterruptedException {
    long deadline = System.nanoTime() + DRAIN.toNanos();
    while (true) {
      Plant.Answer ledger = plant.ask("ledger");
      boolean quiet = ledger.lines().stream().noneMatch(line -> line.contains("in flight"));
      if (ledger.code() == 0 && quiet) {
        ledger.lines().forEach(output::say);
        return;
      }
      if (System.nanoTime() - deadline > 0) {
        complaints.add(
            "the ledger, %d s after the last item was sent:\n%s"
                .formatted(DRAIN.toSeconds(), String.join("\n", ledger.lines())));
        return;
      }
      TimeUnit.SECONDS.sleep(1);
    }
  }

  private void report(Sent sent, Arrivals arrivals, Progress progress, Verdict verdict) {
    output.say("");
    output.say("%-24s %8s %14s".formatted("FAULT", "TIMES", "WORST RECOVERY"));
    progress
        .faults()
        .forEach((name, times) ->
            output.say(
                "%-24s %8d %11.1f s".formatted(name, times, progress.worstMillis(name) / 1e3)));
    output.say(
        "%d faults in %d minutes; %,d items acknowledged, %,d arrived"
            .formatted(
                progress.rounds(),
                TimeUnit.MILLISECONDS.toMinutes(progress.millis()),
                acknowledged(sent),
                arrivals.of(Kind.SPAN).size()
                    + arrivals.of(Kind.LOG).size()
                    + arrivals.of(Kind.POINT).size()));
    output.say(
        "lost %,d, split traces %,d, unwanted %,d, duplicates %,d, and %,d of what was sent again"
            .formatted(
                verdict.lost(),
                verdict.split(),
                verdict.unwanted(),
                verdict.duplicates(),
                verdict.resent()));
  }

  private static boolean await(Duration within, BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return true;
  }
}
