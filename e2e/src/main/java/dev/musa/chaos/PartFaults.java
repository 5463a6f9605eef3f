package dev.musa.chaos;

import dev.musa.chaos.Fault.Course;
import dev.musa.chaos.Fault.Need;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Processes of MUSA that die, stop or stand still, and clocks that jump. */
final class PartFaults {
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final Duration STEP = Duration.ofHours(1);
  private static final Duration STEP_LASTS = Duration.ofSeconds(10);
  private static final int LATEST_START_MILLIS = 3_000;

  private PartFaults() {}

  static Map<String, Fault> all() {
    Map<String, Fault> all = new LinkedHashMap<>();
    all.put("kill", Fault.of(PartFaults::killEverything).repeatingAnywhere());
    all.put("kill-kafka", ofNode(scene -> killAndStart(scene, scene.plant().part(Plant.NODE))));
    for (String part : Plant.PARTS) {
      all.put("kill-" + part, of(part, scene -> killAndStart(scene, scene.plant().part(part))));
    }
    all.put("interrupt", Fault.of(PartFaults::interruptSome).repeatingAnywhere());
    all.put("interrupt-all", Fault.of(PartFaults::interruptEverything).repeatingAnywhere());
    all.put("pause-kafka", ofNode(scene -> pause(scene.plant().part(Plant.NODE))));
    for (String part : List.of("collector", "processors", Plant.SINKS)) {
      all.put("pause-" + part, of(part, scene -> pause(scene.plant().part(part))));
    }
    all.put("scale", Fault.of(PartFaults::scale));
    all.put("state-deleted", Fault.of(PartFaults::deleteState));
    all.put("clock", Fault.of(PartFaults::stepTheClock).repeatingAnywhere());
    return all;
  }

  private static Fault ofNode(Course course) {
    return Fault.of(course).needing(Need.NODE).repeatingAnywhere();
  }

  private static Fault of(String part, Course course) {
    Fault fault = Fault.of(course);
    return part.equals(Plant.SINKS) ? fault.repeatingAnywhere() : fault;
  }

  private static void killEverything(Scene scene) throws InterruptedException {
    for (PartProcess part : scene.plant().usual()) {
      part.kill();
    }
    scene.plant().start();
  }

  private static void killAndStart(Scene scene, PartProcess part) throws InterruptedException {
    part.kill();
    // Sometimes at once, as Kubernetes would, sometimes late.
    Scene.sleep(Duration.ofMillis(scene.random().nextInt(LATEST_START_MILLIS)));
    part.start();
    part.awaitReady();
  }

  /** All at once, as Ctrl-C does in a terminal. */
  private static void interruptEverything(Scene scene) throws InterruptedException {
    List<PartProcess> all = scene.plant().usual();
    for (PartProcess part : all) {
      part.interrupt();
    }
    for (PartProcess part : all) {
      part.awaitInterrupted();
    }
    scene.plant().start();
  }

  private static void interruptSome(Scene scene) throws InterruptedException {
    List<String> names = Plant.PARTS;
    PartProcess part = scene.plant().part(names.get(scene.random().nextInt(names.size())));
    part.interrupt();
    int code = part.awaitInterrupted();
    if (code != 0) {
      throw new ChaosException(
          "%s ended with %d after SIGTERM (expected: 0), see %s"
              .formatted(part.name(), code, part.log()));
    }
    part.start();
    part.awaitReady();
  }

  static void pause(PartProcess part) throws InterruptedException {
    part.pause();
    Scene.sleep(PAUSE);
    part.resume();
  }

  /** From one instance of the processors to three, and back, one of the two by a kill. */
  private static void scale(Scene scene) throws InterruptedException {
    List<PartProcess> more =
        Plant.MORE_PROCESSORS.stream().map(name -> scene.plant().part(name)).toList();
    for (PartProcess part : more) {
      part.start();
    }
    for (PartProcess part : more) {
      part.awaitReady();
    }
    Scene.sleep(Duration.ofSeconds(5));
    more.getFirst().interrupt();
    more.getFirst().awaitInterrupted();
    more.getLast().kill();
  }

  private static void deleteState(Scene scene) throws InterruptedException {
    PartProcess processors = scene.plant().part("processors");
    processors.kill();
    scene.plant().delete(scene.plant().data("processors"));
    processors.start();
    processors.awaitReady();
  }

  /** All parts' clocks an hour forward, then an hour back, the node's among them. */
  private static void stepTheClock(Scene scene) throws InterruptedException {
    List<Duration> steps =
        scene.random().nextBoolean()
            ? List.of(STEP, Duration.ZERO)
            : List.of(STEP.negated(), Duration.ZERO);
    // Records from before the last change of the rules are decided by the rules of that time.
    scene.unsettleShare(scene.share());
    for (Duration offset : steps) {
      SteppedClock.set(scene.plant().clock(), offset);
      Scene.sleep(STEP_LASTS);
    }
    scene.settleShare();
  }
}
