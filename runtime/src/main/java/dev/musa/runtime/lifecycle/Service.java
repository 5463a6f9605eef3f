package dev.musa.runtime.lifecycle;

/**
 * A part of the process that is started once and closed once, in an order given by {@link
 * Services}.
 */
public interface Service extends AutoCloseable {

  /** A short name for logs and the detail of {@code /readyz}, such as {@code collector}. */
  String name();

  /** Whether it stands for several services, each of which has a line in its {@link #health}. */
  default boolean hasMembers() {
    return false;
  }

  /**
   * Returns once the service does its work.
   *
   * @throws StartupException if the user can mend what hinders the start
   */
  void start();

  /**
   * The process is to stop while {@link #start()} runs: where that may take long, it throws soon.
   * Called by another thread, at any time.
   */
  default void cancelStart() {
    // Most starts are over within a moment.
  }

  /**
   * Finishes what has begun (drains), then releases everything. May be called in every state:
   * before {@link #start()}, after a failed start, and repeatedly, where further calls do nothing.
   */
  @Override
  void close();

  /** Whether the service can do its work now. Called often and by any thread: must not block. */
  Health health();
}
