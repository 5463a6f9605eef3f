package dev.musa.sinks.backend;

import dev.musa.schemas.Signal;

/**
 * Where a sink delivers. Thread-safe: several requests are under way at once, each on a virtual
 * thread of its own.
 */
public interface Backend extends AutoCloseable {

  /**
   * Delivers one OTLP request and blocks until it is answered. Faults of the network are answers
   * too ({@link Answer.Retry}), never exceptions.
   */
  Answer deliver(Signal signal, String tenant, byte[] request) throws InterruptedException;

  @Override
  void close();
}
