package dev.musa.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports of this machine. They lie below those that systems give away by themselves: until MUSA
 * listens on them, and while it is killed, nobody gets one by chance.
 */
record Ports(int grpc, int http, int kafka, int admin, int health) {
  private static final int FIRST = 15_000;
  private static final int END = 32_000;
  private static final int TRIES = 1_000;

  static Ports free() {
    List<Integer> free = new ArrayList<>();
    for (int i = 0; i < TRIES && free.size() < 5; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (!free.contains(port) && isFree(port)) {
        free.add(port);
      }
    }
    return new Ports(free.get(0), free.get(1), free.get(2), free.get(3), free.get(4));
  }

  private static boolean isFree(int port) {
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
