package dev.musa.chaos;

import dev.musa.chaos.Fault.Need;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Disks that are full or read-only. */
final class DiskFaults {
  static final String FILES = "files";
  private static final Duration FULL = Duration.ofSeconds(10);
  private static final Duration END = Duration.ofSeconds(30);
  private static final String REFUSAL = "cannot be written";

  private DiskFaults() {}

  static Map<String, Fault> all() {
    Map<String, Fault> all = new LinkedHashMap<>();
    all.put("disk-full-kafka", ofNode(DiskFaults::fillNode));
    all.put("disk-readonly-kafka", ofNode(DiskFaults::lockNode));
    all.put(
        "disk-full-files",
        Fault.of(DiskFaults::fillFiles).needing(Need.SMALL_DISKS).repeatingAt(Place.FILES));
    return all;
  }

  private static Fault ofNode(Fault.Course course) {
    return Fault.of(course).needing(Need.NODE, Need.SMALL_DISKS).repeatingAnywhere();
  }

  private static void fillNode(Scene scene) throws InterruptedException {
    SmallDisk disk = scene.disk(Plant.NODE);
    disk.fill();
    try {
      Scene.sleep(FULL);
    } finally {
      disk.empty();
    }
  }

  private static void fillFiles(Scene scene) throws InterruptedException {
    SmallDisk disk = scene.disk(FILES);
    disk.fill();
    try {
      scene.expectBackendAndIntakeGoOn("disk-full-files");
      Scene.sleep(FULL);
    } finally {
      disk.empty();
    }
  }

  /** It has to say what is wrong and end, and start once that is mended. */
  private static void lockNode(Scene scene) throws InterruptedException {
    SmallDisk disk = scene.disk(Plant.NODE);
    PartProcess node = scene.plant().part(Plant.NODE);
    node.kill();
    disk.writable(false);
    try {
      long before = said(node);
      node.start();
      int code = node.awaitEnd(END);
      if (code != 1 || said(node) == before) {
        throw new ChaosException(
            "on a read-only disk the node ended with %d (expected: 1, and '%s' in %s)"
                .formatted(code, REFUSAL, node.log()));
      }
    } finally {
      disk.writable(true);
    }
    node.start();
    node.awaitReady();
  }

  /** How often it has said that its directory cannot be written. */
  private static long said(PartProcess node) {
    try {
      return Files.readAllLines(node.log()).stream().filter(line -> line.contains(REFUSAL)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
