package dev.musa.sinks.backend;

import dev.musa.schemas.Signal;

/**
 * Where a sink delivers. Thread-safe: several requests are under way at once, each on a virtual
 * thread of its own.
 */
public interface Backend extends AutoCloseable {

  /**
   * Under which name the backend takes what is the tenant's, empty for none. Items of tenants that
   * have the same one may share a request.
   */
  String orgId(String tenant);

  /**
   * Delivers one OTLP request and blocks until it is answered. Faults of the network are answers
   * too ({@link Answer.Retry}), never exceptions.
   *
   * @param orgId of all items in the request
   */
  Answer deliver(Signal signal, String orgId, byte[] request) throws InterruptedException;

  @Override
  void close();
}
