package dev.musa.chaos;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Rules that change in the middle of open traces, to good ones and bad ones. */
final class RuleFaults {
  private static final Duration LASTS = Duration.ofSeconds(10);

  private static final String IN_FORCE = "musa_rules_in_force{";
  private static final String VALID = "musa_rules_directory_valid";

  private RuleFaults() {}

  static Map<String, Fault> all() {
    Map<String, Fault> all = new LinkedHashMap<>();
    all.put("rules", Fault.of(RuleFaults::change));
    all.put("broken-rules", Fault.of(RuleFaults::breakThem));
    return all;
  }

  private static void change(Scene scene) throws InterruptedException {
    Set<String> before = inForce(scene);
    scene.unsettleShare(
        scene.share() == Traffic.SMALL_SHARE ? Traffic.LARGE_SHARE : Traffic.SMALL_SHARE);
    scene.plant().writeRules(scene.rules());
    Scene.expect("the new rules are not in force", () -> !inForce(scene).equals(before));
    scene.settleShare();
    Scene.sleep(LASTS);
  }

  /** As the processors tell; empty if they tell nothing. */
  private static Set<String> inForce(Scene scene) throws InterruptedException {
    return scene.plant().metrics("processors").stream()
        .filter(line -> line.startsWith(IN_FORCE) && line.endsWith(" 1.0"))
        .collect(Collectors.toSet());
  }

  private static void breakThem(Scene scene) throws InterruptedException {
    scene.plant().writeRules(Traffic.rules(Traffic.LARGE_SHARE).replace("anySpan", "anySpam"));
    Scene.expect("broken rules are not refused", () -> isValid(scene, "0.0"));
    Scene.sleep(LASTS);
    scene.plant().writeRules(scene.rules());
    Scene.expect("mended rules are refused", () -> isValid(scene, "1.0"));
  }

  private static boolean isValid(Scene scene, String value) throws InterruptedException {
    return scene.plant().metrics("control").stream()
        .anyMatch(line -> line.startsWith(VALID) && line.endsWith(" " + value));
  }
}
