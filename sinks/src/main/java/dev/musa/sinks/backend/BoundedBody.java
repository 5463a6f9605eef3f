package dev.musa.sinks.backend;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Reads the beginning of a response body and cancels the rest, so that no answer can fill memory.
 * The library's {@code limiting} subscriber would turn a long refusal into an I/O error instead.
 */
final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {
  static final int MAX_BYTES = 64 * 1024;

  private final ByteArrayOutputStream begin = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private Flow.Subscription subscription = NotYet.SUBSCRIBED;

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription s) {
    subscription = s;
    s.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (var buffer : buffers) {
      var bytes = new byte[Math.min(buffer.remaining(), MAX_BYTES - begin.size())];
      buffer.get(bytes);
      begin.writeBytes(bytes);
    }
    if (begin.size() >= MAX_BYTES) {
      subscription.cancel();
      body.complete(begin.toByteArray());
    }
  }

  @Override
  public void onError(Throwable fault) {
    body.completeExceptionally(fault);
  }

  @Override
  public void onComplete() {
    body.complete(begin.toByteArray());
  }

  private enum NotYet implements Flow.Subscription {
    SUBSCRIBED;

    @Override
    public void request(long n) {
      throw new IllegalStateException("requested before the subscription");
    }

    @Override
    public void cancel() {
      throw new IllegalStateException("cancelled before the subscription");
    }
  }
}
