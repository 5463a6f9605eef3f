package dev.musa.chaos;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rules that change in the middle of open traces, to good ones and bad ones. */
final class RuleFaults {
  static final String CHANGED = "rules";
  private static final Duration LASTS = Duration.ofSeconds(10);

  private RuleFaults() {}

  static Map<String, Fault> all() {
    Map<String, Fault> all = new LinkedHashMap<>();
    all.put(CHANGED, Fault.of(RuleFaults::change));
    all.put("broken-rules", Fault.of(RuleFaults::breakThem));
    return all;
  }

  private static void change(Scene scene) throws InterruptedException {
    scene.changeShare();
    scene.plant().writeRules(scene.rules());
    Scene.sleep(LASTS);
  }

  private static void breakThem(Scene scene) throws InterruptedException {
    scene.plant().writeRules(Traffic.rules(Traffic.LARGE_SHARE).replace("anySpan", "anySpam"));
    Scene.sleep(LASTS);
    scene.plant().writeRules(scene.rules());
  }
}
