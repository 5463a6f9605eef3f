package dev.musa.collector;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as it comes from the client, all of which has to be there by a deadline,
 * however steadily it trickles. Blocks the virtual thread that reads it.
 */
final class HttpRequestBody extends InputStream {
  /** The client went away, or what it sends is no HTTP; there is nobody to answer. */
  static final class ClientGoneException extends RuntimeException implements QuietException {
    ClientGoneException(Throwable cause) {
      super(cause.getMessage(), cause, false, false);
    }
  }

  private final Request request;
  private final Duration readTimeout;
  private final LongSupplier nanoClock;
  private final long deadlineNanos;
  private final Semaphore arrived = new Semaphore(0);
  private Content.@Nullable Chunk chunk;
  private boolean begun;
  private boolean failed;
  private boolean ended;

  HttpRequestBody(Request request, Duration readTimeout, LongSupplier nanoClock) {
    this.request = request;
    this.readTimeout = readTimeout;
    this.nanoClock = nanoClock;
    this.deadlineNanos = nanoClock.getAsLong() + readTimeout.toNanos();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      Content.Chunk current = chunk;
      if (current == null) {
        current = next();
        chunk = current;
      }
      int read = Math.min(length, current.remaining());
      if (read > 0) {
        current.get(into, offset, read);
        return read;
      }
      ended = current.isLast();
      current.release();
      chunk = null;
    }
    return -1;
  }

  /** Not zero before the end, which GZIPInputStream would take for the end. */
  @Override
  public int available() {
    return ended ? 0 : 1;
  }

  private Content.Chunk next() throws IOException {
    begun = true;
    while (true) {
      Content.Chunk next = request.read();
      if (next == null) {
        request.demand(arrived::release);
        awaitArrival();
      } else if (Content.Chunk.isFailure(next)) {
        failed = true;
        throw new ClientGoneException(next.getFailure());
      } else {
        return next;
      }
    }
  }

  private void awaitArrival() {
    try {
      if (arrived.tryAcquire(deadlineNanos - nanoClock.getAsLong(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      fail();
      throw new BodyRefusedException(
          new Outcome.Retryable(Reason.STOPPING, "the collector is stopping; send again"));
    }
    fail();
    throw new BodyRefusedException(
        new Outcome.Retryable(
            Reason.SLOW_CLIENT, "the body was not there within " + readTimeout.toMillis() + " ms"));
  }

  private void fail() {
    failed = true;
    request.fail(new TimeoutException("body not read in time"));
  }

  /**
   * Reads on without keeping anything, so that a client that still sends gets to see its refusal
   * instead of a reset connection. Gives up silently after {@code limit} bytes or at the deadline.
   *
   * @param expectsContinue whether the client waits to be told before it sends a body
   */
  void drain(long limit, boolean expectsContinue) {
    if (failed || (expectsContinue && !begun)) {
      return;
    }
    byte[] ignored = new byte[8 << 10];
    long drained = 0;
    try {
      int read = read(ignored, 0, ignored.length);
      while (read >= 0 && drained < limit) {
        drained += read;
        read = read(ignored, 0, ignored.length);
      }
    } catch (IOException | ClientGoneException | BodyRefusedException _) {
      // The answer is given all the same; there may be nobody to see it.
      failed = true;
    } finally {
      close();
    }
  }

  /** Gives back what is held of the connection's buffers. */
  @Override
  public void close() {
    Content.Chunk current = chunk;
    if (current != null) {
      current.release();
      chunk = null;
    }
  }
}
