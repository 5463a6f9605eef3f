package dev.musa.chaos;

import dev.musa.app.terminal.Output;
import dev.musa.chaos.Fault.Need;
import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
  private static final int NODE_MEBIBYTES = 768;
  private static final int FILES_MEBIBYTES = 512;

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
    disks.values().forEach(SmallDisk::empty);
    if (resume && progress.rounds() > 0 && !disks.isEmpty() && !hasFiles()) {
      throw new StartupException(
          "the run in %s lay on disks in memory that are gone (expected: --resume in the same mount namespace, or a new --data)"
              .formatted(directory));
    }
    List<String> names = possible(progress.cluster(), !disks.isEmpty());
    try {
      return run(progress, names, disks);
    } finally {
      disks.values().forEach(SmallDisk::close);
    }
  }

  /** Whether the files sink has ever written. */
  private boolean hasFiles() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(DiskFaults.FILES))) {
      return files.findAny().isPresent();
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
        Backend backend = Backend.start(progress.backendPort(), traffic, arrivals);
        Sent sent = new Sent(directory.resolve("sent.tape"));
        Plant plant =
            new Plant(
                directory,
                new Plant.PlantPorts(progress.firstPort()),
                progress.backendPort(),
                progress.cluster())) {
      FileOutput files = new FileOutput(traffic, plant.files());
      Scene scene = new Scene(plant, backend, arrivals, files, sent, random, disks, progress);
      plant.writeRules(scene.rules());
      plant.start();
      // A driver may have been killed in the middle of a change.
      scene.settleShare();
      output.say("everything runs, seed %d, in %s".formatted(progress.seed(), directory));
      ChaosRun run = new ChaosRun(scene, traffic, sent, progress, output);
      run.play(new Schedule(names, each, rounds, minutes));
      run.drain();
      run.checkMemory();
      run.report();
      run.judge();
      run.complaints().forEach(complaint -> output.complain("WRONG: " + complaint));
      return run.complaints().isEmpty() ? 0 : FAILED;
    }
  }
}
