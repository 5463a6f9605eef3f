package dev.musa.app;

import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Services that do not need each other to start, so they start at the same time. They are closed
 * one after the other, the last one first.
 */
final class Together implements Service {
  private final List<Service> members;

  Together(List<? extends Service> members) {
    this.members = List.copyOf(members);
  }

  @Override
  public String name() {
    return members.stream().map(Service::name).collect(Collectors.joining(", "));
  }

  @Override
  public boolean hasMembers() {
    return true;
  }

  /** Throws the first failure in the order of the members, once all have started or failed. */
  @Override
  public void start() {
    @Nullable RuntimeException failure = null;
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("start-", 0).factory())) {
      List<Future<?>> starts = new ArrayList<>();
      members.forEach(member -> starts.add(threads.submit(member::start)));
      for (Future<?> start : starts) {
        failure = merged(failure, failureOf(start));
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void cancelStart() {
    members.forEach(Service::cancelStart);
  }

  @Override
  public void close() {
    @Nullable RuntimeException failure = null;
    for (Service member : members.reversed()) {
      try {
        member.close();
      } catch (RuntimeException e) {
        failure = merged(failure, e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Ready if all are; each one that is not has its line. */
  @Override
  public Health health() {
    List<String> details = new ArrayList<>();
    boolean ready = true;
    for (Service member : members) {
      Health health = member.health();
      ready &= health.ready();
      details.add(member.hasMembers() ? health.detail() : member.name() + ": " + health.detail());
    }
    return new Health(ready, String.join("\n", details));
  }

  private static @Nullable RuntimeException failureOf(Future<?> start) {
    try {
      start.get();
      return null;
    } catch (ExecutionException e) {
      return e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new IllegalStateException("interrupted while starting", e);
    }
  }

  private static @Nullable RuntimeException merged(
      @Nullable RuntimeException first, @Nullable RuntimeException next) {
    if (first == null) {
      return next;
    }
    if (next != null) {
      first.addSuppressed(next);
    }
    return first;
  }
}
