package dev.musa.benchmarks.load;

import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Hands messages to and from gRPC as the bytes they are. */
final class Marshallers {
  static final Marshaller<InputStream> REQUEST =
      new Marshaller<>() {
        @Override
        public InputStream stream(InputStream message) {
          return message;
        }

        @Override
        public InputStream parse(InputStream stream) {
          throw new UnsupportedOperationException("a client parses no requests");
        }
      };

  static final Marshaller<byte[]> REPLY =
      new Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
          return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException("a received gRPC message lies in memory", e);
          }
        }
      };

  private Marshallers() {}
}
