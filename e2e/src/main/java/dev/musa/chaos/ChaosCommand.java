package dev.musa.chaos;

import dev.musa.app.terminal.Output;
import dev.musa.chaos.Fault.Need;
import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
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
  private static final int NODE_MEBIBYTES = 768;
  private static final int FILES_MEBIBYTES = 512;

  /** Twice and a half the heap: what a process may hold at most. */
  private static final long MOST_KIBIBYTES = 960 << 10;

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
      description =
          "Only these, several with commas; --list names them (default: all that this run can"
              + " have).")
  private List<String> only = List.of();

  @Option(
      names = "--each",
      description = "Each of the faults once, in the order of --list, instead of at random.")
  private boolean each;

  @Option(
      names = "--cluster",
      description = "On three brokers with replication, instead of on the embedded node.")
  private boolean cluster;

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
      Faults.names().forEach(name -> output.say(describe(name)));
      return 0;
    }
    Path state = directory.resolve("progress.properties");
    boolean exists = Files.exists(state);
    if (exists != resume) {
      throw new StartupException(
          exists
              ? directory + " holds a run (expected: --resume, or another --data)"
              : "--resume is given, but there is no run in " + directory);
    }
    for (String name : only) {
      if (!Faults.names().contains(name)) {
        throw new StartupException(
            "--faults names '%s' (expected: some of %s)"
                .formatted(name, String.join(", ", Faults.names())));
      }
    }
    if (minutes == 0 && rounds == 0) {
      minutes = 5;
    }
    Files.createDirectories(directory);
    Progress progress = resume ? Progress.read(state) : begin(state);
    Map<String, SmallDisk> disks = mountDisks(progress.cluster());
    List<String> names = possible(progress.cluster(), !disks.isEmpty());
    try {
      return run(progress, names, disks);
    } finally {
      disks.values().forEach(SmallDisk::close);
    }
  }

  private static String describe(String name) {
    List<String> needs = new ArrayList<>();
    for (Need need : Faults.named(name).needs()) {
      needs.add(
          switch (need) {
            case NODE -> "not with --cluster";
            case CLUSTER -> "with --cluster";
            case SMALL_DISKS -> "only for a user that may mount";
          });
    }
    return needs.isEmpty() ? name : "%-20s (%s)".formatted(name, String.join(", ", needs));
  }

  private Progress begin(Path state) throws IOException {
    int first = freeRange();
    Progress progress = Progress.fresh(state, seed, first, first + PORTS - 1, cluster);
    progress.write();
    return progress;
  }

  /** Disks of their own where a fault needs them; none if this user may not. */
  private Map<String, SmallDisk> mountDisks(boolean onCluster) throws InterruptedException {
    boolean wanted =
        only.isEmpty()
            || only.stream()
                .anyMatch(name -> Faults.named(name).needs().contains(Need.SMALL_DISKS));
    if (!wanted) {
      return Map.of();
    }
    Map<String, SmallDisk> disks = new HashMap<>();
    try {
      disks.put(
          DiskFaults.FILES, SmallDisk.mount(directory.resolve(DiskFaults.FILES), FILES_MEBIBYTES));
      if (!onCluster) {
        disks.put(Plant.NODE, SmallDisk.mount(directory.resolve(Plant.NODE), NODE_MEBIBYTES));
      }
    } catch (ChaosException e) {
      output.complain(
          "no faults of disks: %s (to have them: as root, or by `unshare -rm ./musa chaos ...`)"
              .formatted(e.getMessage()));
    }
    return disks;
  }

  private List<String> possible(boolean onCluster, boolean onSmallDisks) {
    Set<Need> met = EnumSet.of(onCluster ? Need.CLUSTER : Need.NODE);
    if (onSmallDisks) {
      met.add(Need.SMALL_DISKS);
    }
    List<String> possible = Faults.names(met);
    for (String name : only) {
      if (!possible.contains(name)) {
        throw new StartupException(
            "--faults names '%s', which this run cannot have: %s".formatted(name, describe(name)));
      }
    }
    return only.isEmpty() ? possible : only;
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

  private int run(Progress progress, List<String> names, Map<String, SmallDisk> disks)
      throws IOException, InterruptedException {
    Traffic traffic = new Traffic(progress.seed());
    Random random = new Random(progress.seed() * 31 + progress.rounds());
    try (Arrivals arrivals = new Arrivals(traffic, directory.resolve("arrived.tape"));
        Backend backend = Backend.start(progress.backendPort(), arrivals);
        Sent sent = new Sent(directory.resolve("sent.tape"));
        Plant plant =
            new Plant(
                directory,
                new Plant.PlantPorts(progress.firstPort()),
                progress.backendPort(),
                progress.cluster())) {
      FileOutput files = new FileOutput(traffic, plant.files());
      Scene scene = new Scene(plant, backend, arrivals, files, sent, random, disks);
      List<String> complaints = new ArrayList<>();
      plant.writeRules(scene.rules());
      plant.start();
      output.say("everything runs, seed %d, in %s".formatted(progress.seed(), directory));
      play(scene, traffic, sent, names, progress, complaints);
      drain(plant, complaints);
      checkMemory(plant, complaints);
      report(progress, sent);
      judge(traffic, sent, arrivals, files, progress, complaints);
      complaints.forEach(complaint -> output.complain("WRONG: " + complaint));
      return complaints.isEmpty() ? 0 : FAILED;
    }
  }

  private void play(
      Scene scene,
      Traffic traffic,
      Sent sent,
      List<String> names,
      Progress progress,
      List<String> complaints)
      throws InterruptedException {
    Plant plant = scene.plant();
    int seenStarts = 0;
    try (Load load = new Load(traffic, sent, plant.intakePort())) {
      load.start();
      long loadedSince = System.nanoTime();
      TimeUnit.MILLISECONDS.sleep(WARM_UP.toMillis());
      while (complaints.isEmpty() && !isDone(progress, names)) {
        long begun = System.nanoTime();
        String name =
            each
                ? names.get(progress.rounds() % names.size())
                : names.get(scene.random().nextInt(names.size()));
        TimeUnit.MILLISECONDS.sleep(scene.random().nextLong(BETWEEN.toMillis()));
        round(name, scene, sent, progress, complaints);
        if (!load.refusal().isEmpty()) {
          complaints.add(load.refusal());
        }
        long now = System.nanoTime();
        progress.ran(TimeUnit.NANOSECONDS.toMillis(now - begun));
        progress.loaded(
            TimeUnit.NANOSECONDS.toMillis(now - loadedSince), plant.processorStarts() - seenStarts);
        seenStarts = plant.processorStarts();
        loadedSince = now;
        progress.write();
      }
    }
  }

  private boolean isDone(Progress progress, List<String> names) {
    if (each) {
      return progress.rounds() >= names.size();
    }
    return rounds > 0
        ? progress.rounds() >= rounds
        : progress.millis() >= TimeUnit.MINUTES.toMillis(minutes);
  }

  private void round(
      String name, Scene scene, Sent sent, Progress progress, List<String> complaints)
      throws InterruptedException {
    long took;
    try {
      Faults.named(name).course().run(scene);
      long over = System.nanoTime();
      List<Long> mark = scene.mark();
      boolean recovered = Scene.await(RECOVERY, () -> scene.isDelivered(mark));
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

  /**
   * Until all dead letters have been sent again, nothing is in flight, and the ledger says that it
   * balances.
   */
  private void drain(Plant plant, List<String> complaints) throws InterruptedException {
    long deadline = System.nanoTime() + DRAIN.toNanos();
    while (true) {
      Plant.Answer letters = plant.ask("deadletter", "redrive");
      boolean none = letters.lines().contains("no dead letters");
      if (!none) {
        letters.lines().forEach(output::say);
      }
      Plant.Answer ledger = plant.ask("ledger");
      boolean quiet = ledger.lines().stream().noneMatch(line -> line.contains("in flight"));
      if (none && ledger.code() == 0 && quiet) {
        ledger.lines().forEach(output::say);
        return;
      }
      if (System.nanoTime() - deadline > 0) {
        complaints.add(
            "the ledger, %d s after the last item was sent:\n%s\n%s"
                .formatted(
                    DRAIN.toSeconds(),
                    String.join("\n", letters.lines()),
                    String.join("\n", ledger.lines())));
        return;
      }
      TimeUnit.SECONDS.sleep(1);
    }
  }

  private void checkMemory(Plant plant, List<String> complaints) {
    List<String> peaks = new ArrayList<>();
    for (PartProcess part : plant.all()) {
      long peak = part.peakKibibytes();
      if (peak > 0) {
        peaks.add("%s %d MiB".formatted(part.name(), peak >> 10));
      }
      if (peak > MOST_KIBIBYTES) {
        complaints.add(
            "%s has held %d MiB of memory (expected: at most %d)"
                .formatted(part.name(), peak >> 10, MOST_KIBIBYTES >> 10));
      }
    }
    output.say("");
    output.say("most memory: " + String.join(", ", peaks));
  }

  private void report(Progress progress, Sent sent) {
    output.say("");
    output.say("%-24s %8s %14s".formatted("FAULT", "TIMES", "WORST RECOVERY"));
    progress
        .faults()
        .forEach((name, times) ->
            output.say(
                "%-24s %8d %11.1f s".formatted(name, times, progress.worstMillis(name) / 1e3)));
    output.say(
        "%d faults in %d minutes; %,d items acknowledged"
            .formatted(
                progress.rounds(),
                TimeUnit.MILLISECONDS.toMinutes(progress.millis()),
                acknowledged(sent)));
  }

  private void judge(
      Traffic traffic,
      Sent sent,
      Arrivals arrivals,
      FileOutput files,
      Progress progress,
      List<String> complaints) {
    Map<Kind, Set<Long>> rejected = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      rejected.put(kind, arrivals.rejected(kind));
    }
    boolean changed = progress.rulesChanged();
    List<Verdict> verdicts =
        List.of(
            new Verdict("backend", traffic, sent, arrivals.counts(), rejected, changed).judge(),
            new Verdict("files", traffic, sent, files.refreshed(), Map.of(), changed).judge());
    long limited = verdicts.stream().mapToLong(Verdict::limited).max().orElse(0);
    output.say(
        "limit    %,d noisy log records have passed, %,d may at most"
            .formatted(limited, progress.mostLimited()));
    if (limited > progress.mostLimited()) {
      complaints.add("the limit has let more pass than it may");
    }
    for (Verdict verdict : verdicts) {
      output.say(verdict.summary());
      complaints.addAll(verdict.faults());
    }
  }
}
