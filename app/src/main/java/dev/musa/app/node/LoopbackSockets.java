package dev.musa.app.node;

import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * The node's listening sockets, bound before Kafka starts and handed over when it asks for them.
 *
 * <p>So a port in use is known at once and by its key, and a free port chosen for the controller
 * can stand in Kafka's settings, which do not work with port 0.
 */
final class LoopbackSockets implements ServerSocketFactory, AutoCloseable {
  private static final int BACKLOG = 128;

  private final Map<Integer, ServerSocketChannel> waiting = new ConcurrentHashMap<>();

  /** Binds {@code port} (0 = a free one) and answers which port it is. */
  int bind(String key, int port) {
    try {
      ServerSocketChannel channel =
          open(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      int bound = channel.socket().getLocalPort();
      waiting.put(bound, channel);
      return bound;
    } catch (IOException e) {
      throw new StartupException(
          key
              + ": port "
              + port
              + " on 127.0.0.1 cannot be opened ("
              + e.getMessage()
              + "): stop the process that uses it, or set "
              + key
              + " to a free port");
    }
  }

  @Override
  public ServerSocketChannel openServerSocket(
      String listener, InetSocketAddress address, int backlog, int receiveBuffer)
      throws IOException {
    ServerSocketChannel bound = waiting.remove(address.getPort());
    return bound == null ? open(address) : bound;
  }

  /** Closes what Kafka has not taken over. */
  @Override
  public void close() {
    for (ServerSocketChannel channel : waiting.values()) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    waiting.clear();
  }

  private static ServerSocketChannel open(InetSocketAddress address) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.bind(address, BACKLOG);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
