package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits until backends have what was sent, and MUSA knows. */
final class Deliveries {
  private static final Duration ARRIVAL = Duration.ofSeconds(90);

  private Deliveries() {}

  static <T> void awaitDelivery(
      Installation musa,
      String what,
      Supplier<? extends Collection<T>> query,
      Predicate<List<T>> complete) {
    Await.until(
        what,
        ARRIVAL,
        () -> complete.test(List.copyOf(query.get())),
        () -> query.get() + "; MUSA counts " + counts(musa));
  }

  /** What a backend shows MUSA may not have counted yet: it counts what the backend answered. */
  static void awaitAllDelivered(Installation musa, int items) {
    Await.until(
        items + " items counted as delivered",
        ARRIVAL,
        () -> count(musa, "delivered") == items,
        () -> counts(musa));
    assertThat(counts(musa)).noneMatch(line -> line.contains("outcome=\"deadlettered\""));
  }

  private static double count(Installation musa, String outcome) {
    return musa.sum("musa_items_total{", "outcome=\"" + outcome + "\"");
  }

  private static List<String> counts(Installation musa) {
    return musa.metrics().lines().filter(line -> line.startsWith("musa_items_total{")).toList();
  }
}
