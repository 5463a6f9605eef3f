package dev.musa.benchmarks;

import dev.musa.benchmarks.process.Child;
import dev.musa.benchmarks.process.MusaJvm;
import dev.musa.benchmarks.process.Stage;
import dev.musa.benchmarks.process.Watched;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The backend in a process of its own, so that its CPU is told apart. */
final class BackendProcess {
  private static final Duration START = Duration.ofSeconds(30);

  private BackendProcess() {}

  static Watched start(Stage stage, int grpcPort, int httpPort) throws InterruptedException {
    Child child =
        stage.start(
            "backend",
            MusaJvm.bench(
                List.of(
                    "backend",
                    "--grpc-port",
                    Integer.toString(grpcPort),
                    "--http-port",
                    Integer.toString(httpPort))),
            Map.of());
    child.await(() -> isListening(httpPort), START);
    return Watched.process("bench backend", child.pid());
  }

  private static boolean isListening(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
