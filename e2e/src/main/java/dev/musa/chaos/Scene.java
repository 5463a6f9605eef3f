package dev.musa.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** All that takes part in a run, and what has to hold while a fault lasts. */
final class Scene {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int POLL_MILLIS = 50;

  /** How many items of each kind are acknowledged before intake counts as going on. */
  private static final int SOME = 10;

  /** More traces than are sent at a time, and within some seconds. */
  private static final int UNDER_WAY = 200;

  private final Plant plant;
  private final Backend backend;
  private final Arrivals arrivals;
  private final FileOutput files;
  private final Sent sent;
  private final Random random;
  private final Map<String, SmallDisk> disks;
  private final Progress progress;

  /** Holds at some time. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws InterruptedException;
  }

  /**
   * @param disks by the name of what lies on them: a part, or {@code files}
   */
  Scene(
      Plant plant,
      Backend backend,
      Arrivals arrivals,
      FileOutput files,
      Sent sent,
      Random random,
      Map<String, SmallDisk> disks,
      Progress progress) {
    this.progress = progress;
    this.plant = plant;
    this.backend = backend;
    this.arrivals = arrivals;
    this.files = files;
    this.sent = sent;
    this.random = random;
    this.disks = Map.copyOf(disks);
  }

  Plant plant() {
    return plant;
  }

  Backend backend() {
    return backend;
  }

  Arrivals arrivals() {
    return arrivals;
  }

  /** What has come to this place until now. */
  Counts arrived(Place place) {
    return switch (place) {
      case BACKEND -> arrivals.counts();
      case FILES -> files.refreshed();
    };
  }

  Random random() {
    return random;
  }

  SmallDisk disk(String name) {
    SmallDisk disk = disks.get(name);
    if (disk == null) {
      throw new IllegalArgumentException("no disk of its own for " + name);
    }
    return disk;
  }

  /** The rule set that is meant to be in force. */
  String rules() {
    return Traffic.rules(progress.shares().current());
  }

  /**
   * From now on it is not known by which rules traces are decided, old ones or those with this
   * share.
   */
  void unsettleShare(double share) {
    // What is under way may be late.
    progress.shares().unsettle(Math.max(0, sent.begun(Kind.SPAN) - UNDER_WAY), share);
    progress.write();
  }

  /** What is begun from now on is decided by the latest rules. */
  void settleShare() {
    progress.shares().settle(sent.begun(Kind.SPAN) + UNDER_WAY);
    progress.write();
  }

  double share() {
    return progress.shares().current();
  }

  static void sleep(Duration time) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
  }

  /** Whether it comes to hold in time. */
  static boolean await(Duration within, Condition condition) throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return true;
  }

  /** A moment that deliveries can be compared with: what was begun until now. */
  List<Long> mark() {
    List<Long> begun = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      begun.add(sent.begun(kind));
    }
    return begun;
  }

  /** Whether the backend and the files have something that was begun after, of whatever way. */
  boolean isDelivered(List<Long> mark) {
    return isNewer(Place.BACKEND, mark) && isNewer(Place.FILES, mark);
  }

  private boolean isNewer(Place place, List<Long> mark) {
    Counts counts = arrived(place);
    for (Kind kind : Kind.values()) {
      if (!counts.hasOfAllGroups(kind, mark.get(kind.code()))) {
        return false;
      }
    }
    return true;
  }

  /** The other sink and the intake must not feel that the backend is in trouble. */
  void expectFilesAndIntakeGoOn(String although) throws InterruptedException {
    List<Long> mark = mark();
    List<Integer> before = acknowledged();
    expect(although + ": the files sink gets nothing new", () -> isNewer(Place.FILES, mark));
    expectIntakeSince(before, although);
  }

  /** The backend and the intake must not feel that the disk of the files sink is full. */
  void expectBackendAndIntakeGoOn(String although) throws InterruptedException {
    List<Long> mark = mark();
    List<Integer> before = acknowledged();
    expect(although + ": the backend gets nothing new", () -> isNewer(Place.BACKEND, mark));
    expectIntakeSince(before, although);
  }

  void expectIntakeGoesOn(String although) throws InterruptedException {
    expectIntakeSince(acknowledged(), although);
  }

  private void expectIntakeSince(List<Integer> before, String although)
      throws InterruptedException {
    expect(
        although + ": next to nothing is acknowledged",
        () -> {
          List<Integer> now = acknowledged();
          for (int i = 0; i < now.size(); i++) {
            if (now.get(i) - before.get(i) < SOME) {
              return false;
            }
          }
          return true;
        });
  }

  static void expect(String orElse, Condition condition) throws InterruptedException {
    if (!await(PATIENCE, condition)) {
      throw new ChaosException(orElse + " within " + PATIENCE.toSeconds() + " s");
    }
  }

  private List<Integer> acknowledged() {
    List<Integer> acknowledged = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      acknowledged.add(sent.acknowledged(kind).size());
    }
    return acknowledged;
  }
}
