package dev.musa.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Free ports of this machine. */
record Ports(int grpc, int http, int kafka, int admin, int health) {
  static Ports free() {
    try (ServerSocket a = open();
        ServerSocket b = open();
        ServerSocket c = open();
        ServerSocket d = open();
        ServerSocket e = open()) {
      return new Ports(
          a.getLocalPort(), b.getLocalPort(), c.getLocalPort(), d.getLocalPort(), e.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServerSocket open() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }
}
