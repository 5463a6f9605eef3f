package dev.musa.sinks.backend;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import java.time.Duration;
import java.util.Optional;

/** Finds RetryInfo in a serialized {@code google.rpc.Status}. */
final class RetryAdvice {
  private RetryAdvice() {}

  /** The delay that the server asks for, empty if it asks for none or the bytes are no status. */
  static Optional<Duration> of(ByteString status) {
    try {
      for (var detail : Status.parseFrom(status).getDetailsList()) {
        if (detail.is(RetryInfo.class)) {
          var delay = detail.unpack(RetryInfo.class).getRetryDelay();
          var wait = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
          return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        }
      }
      return Optional.empty();
    } catch (InvalidProtocolBufferException noStatus) {
      return Optional.empty();
    }
  }
}
