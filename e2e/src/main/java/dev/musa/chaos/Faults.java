package dev.musa.chaos;

import dev.musa.chaos.Backend.Mood;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What can go wrong. A fault returns when it is over, though not yet recovered from. */
final class Faults {
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final Duration BAD_MOOD = Duration.ofSeconds(8);
  private static final List<String> PARTS =
      List.of("kafka", "control", "collector", "processors", "sinks");

  private static final List<String> PAUSED = List.of("kafka", "collector", "processors", "sinks");

  private final Plant plant;
  private final Backend backend;
  private final Random random;
  private final Map<String, Fault> all = new LinkedHashMap<>();
  private boolean largeShare;

  /** Something that goes wrong. */
  @FunctionalInterface
  interface Fault {
    void happen() throws InterruptedException;
  }

  Faults(Plant plant, Backend backend, Random random) {
    this.plant = plant;
    this.backend = backend;
    this.random = random;
    all.put("kill", this::killEverything);
    for (String part : PARTS) {
      all.put("kill-" + part, () -> killAndStart(plant.part(part)));
    }
    all.put("interrupt", this::interruptSome);
    for (String part : PAUSED) {
      all.put("pause-" + part, () -> pause(plant.part(part)));
    }
    for (Mood mood : Mood.values()) {
      if (mood != Mood.WELL) {
        all.put(nameOf(mood), () -> backend(mood));
      }
    }
    all.put("rules", this::changeRules);
    all.put("broken-rules", this::breakRules);
    all.put("scale", this::scale);
    all.put("state-deleted", this::deleteState);
    if (!List.copyOf(all.keySet()).equals(names())) {
      throw new IllegalStateException("faults " + all.keySet() + " (expected: " + names() + ")");
    }
  }

  /** The faults that there are. */
  static List<String> names() {
    List<String> names = new ArrayList<>(List.of("kill"));
    PARTS.forEach(part -> names.add("kill-" + part));
    names.add("interrupt");
    PAUSED.forEach(part -> names.add("pause-" + part));
    for (Mood mood : Mood.values()) {
      if (mood != Mood.WELL) {
        names.add(nameOf(mood));
      }
    }
    names.addAll(List.of("rules", "broken-rules", "scale", "state-deleted"));
    return names;
  }

  private static String nameOf(Mood mood) {
    return "backend-" + mood.name().toLowerCase(Locale.ROOT);
  }

  Fault named(String name) {
    Fault fault = all.get(name);
    if (fault == null) {
      throw new IllegalArgumentException("fault " + name);
    }
    return fault;
  }

  private void killEverything() throws InterruptedException {
    List<PartProcess> parts = new ArrayList<>(plant.usual());
    for (PartProcess part : parts) {
      part.kill();
    }
    plant.start();
  }

  private void killAndStart(PartProcess part) throws InterruptedException {
    part.kill();
    // Sometimes at once, as Kubernetes would, sometimes late.
    TimeUnit.MILLISECONDS.sleep(random.nextInt(3_000));
    part.start();
    part.awaitReady();
  }

  private void interruptSome() throws InterruptedException {
    PartProcess part = plant.part(PARTS.get(1 + random.nextInt(PARTS.size() - 1)));
    part.interrupt();
    part.start();
    part.awaitReady();
  }

  private void pause(PartProcess part) throws InterruptedException {
    part.pause();
    TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
    part.resume();
  }

  private void backend(Mood mood) throws InterruptedException {
    backend.be(mood);
    try {
      TimeUnit.MILLISECONDS.sleep(BAD_MOOD.toMillis());
    } finally {
      backend.be(Mood.WELL);
    }
  }

  private void changeRules() throws InterruptedException {
    largeShare = !largeShare;
    plant.writeRules(
        Traffic.RULES.formatted(largeShare ? Traffic.LARGE_SHARE : Traffic.SMALL_SHARE));
    TimeUnit.SECONDS.sleep(10);
  }

  private void breakRules() throws InterruptedException {
    plant.writeRules(Traffic.RULES.formatted("0.5").replace("anySpan", "anySpam"));
    TimeUnit.SECONDS.sleep(10);
    plant.writeRules(
        Traffic.RULES.formatted(largeShare ? Traffic.LARGE_SHARE : Traffic.SMALL_SHARE));
  }

  /** From one instance of the processors to three, and back, one of the two by a kill. */
  private void scale() throws InterruptedException {
    List<PartProcess> more = List.of(plant.part("processors-2"), plant.part("processors-3"));
    for (PartProcess part : more) {
      part.start();
    }
    for (PartProcess part : more) {
      part.awaitReady();
    }
    TimeUnit.SECONDS.sleep(5);
    more.getFirst().interrupt();
    more.getLast().kill();
  }

  private void deleteState() throws InterruptedException {
    PartProcess processors = plant.part("processors");
    processors.kill();
    plant.delete(plant.data("processors"));
    processors.start();
    processors.awaitReady();
  }
}
