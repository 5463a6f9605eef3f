package dev.musa.chaos;

import dev.musa.chaos.Backend.Mood;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A backend in trouble, each sort of answer that there is. */
final class BackendFaults {
  private BackendFaults() {}

  static Map<String, Fault> all() {
    Map<String, Fault> all = new LinkedHashMap<>();
    for (Mood mood : Mood.values()) {
      if (mood != Mood.WELL) {
        all.put(name(mood), Fault.of(scene -> during(scene, mood)).repeatingAt(Place.BACKEND));
      }
    }
    return all;
  }

  private static String name(Mood mood) {
    return "backend-" + mood.label();
  }

  private static void during(Scene scene, Mood mood) throws InterruptedException {
    scene.backend().be(mood);
    try {
      long begun = System.nanoTime();
      scene.expectFilesAndIntakeGoOn(name(mood));
      long left = mood.lasts().toNanos() - (System.nanoTime() - begun);
      Scene.sleep(Duration.ofNanos(Math.max(0, left)));
    } finally {
      scene.backend().be(Mood.WELL);
    }
  }
}
