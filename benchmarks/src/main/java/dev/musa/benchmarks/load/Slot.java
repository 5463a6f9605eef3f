package dev.musa.benchmarks.load;

import dev.musa.benchmarks.payload.Stamp;
import dev.musa.benchmarks.payload.Template;
import dev.musa.runtime.grpc.MessageStream;
import dev.musa.schemas.Signal;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of the calls that may be under way, with a buffer of its own: it is written anew only once
 * its last call has ended, so gRPC never reads what changes.
 */
final class Slot {
  private static final Map<Signal, MethodDescriptor<InputStream, byte[]>> METHODS =
      new EnumMap<>(Signal.class);

  static {
    for (Signal signal : Signal.values()) {
      METHODS.put(signal, ExportMethods.of(signal, Marshallers.REQUEST, Marshallers.REPLY));
    }
  }

  /** Hears of the end of a call, on a thread of gRPC. */
  interface Ended {
    void ended(Slot slot, Status status, byte @Nullable [] reply);
  }

  private final Channel channel;
  private final byte[] buffer;
  private final Ended ended;
  private @Nullable Template template;
  private long dueNanos;

  Slot(Channel channel, int bufferSize, Ended ended) {
    this.channel = channel;
    this.buffer = new byte[bufferSize];
    this.ended = ended;
  }

  /**
   * Sends a request.
   *
   * @param dueNanos when it was to be sent, by {@link System#nanoTime()}
   */
  void send(Template next, Stamp stamp, long dueNanos) {
    template = next;
    this.dueNanos = dueNanos;
    int length = next.writeTo(buffer, stamp);
    ClientCall<InputStream, byte[]> call =
        channel.newCall(method(next.signal()), CallOptions.DEFAULT);
    call.start(new Listener(), new Metadata());
    call.request(2);
    call.sendMessage(new MessageStream(buffer, length));
    call.halfClose();
  }

  Template template() {
    Template sent = template;
    if (sent == null) {
      throw new IllegalStateException("nothing was sent yet");
    }
    return sent;
  }

  long dueNanos() {
    return dueNanos;
  }

  private static MethodDescriptor<InputStream, byte[]> method(Signal signal) {
    MethodDescriptor<InputStream, byte[]> method = METHODS.get(signal);
    if (method == null) {
      throw new IllegalStateException("no method for " + signal);
    }
    return method;
  }

  private final class Listener extends ClientCall.Listener<byte[]> {
    private byte @Nullable [] reply;

    @Override
    public void onMessage(byte[] message) {
      reply = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended.ended(Slot.this, status, reply);
    }
  }
}
