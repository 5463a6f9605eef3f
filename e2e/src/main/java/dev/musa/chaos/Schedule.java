package dev.musa.chaos;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Which faults happen, and for how long.
 *
 * @param names of those that may
 * @param each whether each of them happens once, in their order
 * @param rounds how many otherwise; 0 for a time
 * @param minutes that time
 */
record Schedule(List<String> names, boolean each, int rounds, int minutes) {
  Schedule {
    names = List.copyOf(names);
  }

  boolean isDone(Progress progress) {
    if (each) {
      return progress.rounds() >= names.size();
    }
    return rounds > 0
        ? progress.rounds() >= rounds
        : progress.millis() >= TimeUnit.MINUTES.toMillis(minutes);
  }

  String next(Progress progress, Random random) {
    return names.get(each ? progress.rounds() : random.nextInt(names.size()));
  }
}
