package dev.musa.runtime.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services of a process: started in the given order (the order in which data flows), closed in
 * the reverse one.
 *
 * <p>{@link #close()} may come from a shutdown hook while {@link #start()} still runs: the service
 * being started is let finish, no further one is started, and what was started is closed.
 */
public final class Services implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Services.class);

  private enum State {
    NEW,
    STARTING,
    STARTED,
    CLOSED
  }

  private final List<Service> services;
  private final ReentrantLock startAndClose = new ReentrantLock();
  private volatile State state = State.NEW;
  private volatile boolean closing;

  /** How many services, from the front of the list, have started. */
  private volatile int started;

  public Services(List<? extends Service> services) {
    this.services = List.copyOf(services);
  }

  /**
   * Starts the services one after the other. If one fails, it and those before it are closed in
   * reverse and the failure is thrown on, with what failed in closing as suppressed exceptions.
   */
  public void start() {
    startAndClose.lock();
    try {
      if (state != State.NEW) {
        throw new IllegalStateException("services are " + state + " (expected: NEW)");
      }
      state = State.STARTING;
      for (int i = 0; i < services.size(); i++) {
        try {
          startOne(services.get(i));
        } catch (Throwable failure) {
          state = State.CLOSED;
          closeFirst(i + 1).forEach(failure::addSuppressed);
          throw failure;
        }
        started = i + 1;
      }
      state = State.STARTED;
    } finally {
      startAndClose.unlock();
    }
  }

  /**
   * Lets {@link #start()} fail soon if it still runs, with a {@link StartupException}. Returns at
   * once and closes nothing.
   */
  public void cancelStart() {
    closing = true;
    int next = started;
    if (state == State.STARTING && next < services.size()) {
      services.get(next).cancelStart();
    }
  }

  /**
   * Closes what was started, in reverse. Each failure is logged and holds up no other service.
   *
   * @throws IllegalStateException at the end, if services failed to close; it names them and
   *     carries the failures as suppressed exceptions
   */
  @Override
  public void close() {
    closing = true;
    startAndClose.lock();
    try {
      if (state == State.CLOSED) {
        return;
      }
      state = State.CLOSED;
      List<Throwable> failures = closeFirst(started);
      if (!failures.isEmpty()) {
        IllegalStateException failed =
            new IllegalStateException(failures.size() + " services failed to close, see the log");
        failures.forEach(failed::addSuppressed);
        throw failed;
      }
    } finally {
      startAndClose.unlock();
    }
  }

  /** Ready once all services are started and ready; the detail has one line for each service. */
  public Health health() {
    int asked = started;
    State now = state;
    boolean ready = now == State.STARTED && !closing;
    StringBuilder detail = new StringBuilder();
    for (int i = 0; i < services.size(); i++) {
      Service service = services.get(i);
      String name = service.name() + ": ";
      Health health;
      if (now == State.CLOSED || closing) {
        health = Health.notReady("stopping");
      } else if (i < asked) {
        health = healthOf(service);
        name = service.hasMembers() ? "" : name;
      } else {
        health = Health.notReady("not started yet");
      }
      ready &= health.ready();
      detail.append(i == 0 ? "" : "\n").append(name).append(health.detail());
    }
    return new Health(ready, detail.toString());
  }

  private static Health healthOf(Service service) {
    try {
      return service.health();
    } catch (RuntimeException e) {
      log.atWarn().addKeyValue("service", service.name()).setCause(e).log("health check failed");
      return Health.notReady("health check failed: " + e);
    }
  }

  private void startOne(Service service) {
    if (closing) {
      throw new StartupException("stopped while starting, before " + service.name());
    }
    service.start();
    log.atDebug().addKeyValue("service", service.name()).log("started");
  }

  private List<Throwable> closeFirst(int count) {
    List<Throwable> failures = new ArrayList<>();
    for (Service service : services.subList(0, count).reversed()) {
      @Nullable Throwable failure = closeOne(service);
      if (failure != null) {
        failures.add(failure);
      }
    }
    return failures;
  }

  private static @Nullable Throwable closeOne(Service service) {
    try {
      service.close();
      log.atDebug().addKeyValue("service", service.name()).log("closed");
      return null;
    } catch (RuntimeException | Error e) {
      log.atError().addKeyValue("service", service.name()).setCause(e).log("failed to close");
      return e;
    }
  }
}
