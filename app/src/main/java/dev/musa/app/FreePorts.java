package dev.musa.app;

import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Ports of the loopback interface that nobody listens on just now. */
public final class FreePorts {
  private FreePorts() {}

  /** All are held until all are found, so that they differ. */
  public static List<Integer> find(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    try {
      try {
        for (int i = 0; i < count; i++) {
          ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          sockets.add(socket);
          ports.add(socket.getLocalPort());
        }
      } finally {
        for (ServerSocket socket : sockets) {
          socket.close();
        }
      }
      return ports;
    } catch (IOException e) {
      throw new StartupException("no port of this machine is free: " + e.getMessage(), e);
    }
  }
}
