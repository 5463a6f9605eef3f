package dev.musa.collector;

import static dev.musa.collector.RunningCollector.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Clients that break off, dawdle or go, byte by byte. */
class HttpConnectionTest extends HttpExportCase {
  @Test
  void abortedBody_givesItsBudgetBack() throws Exception {
    start(RunningCollector.acknowledging());
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), collector.collector().httpPort())) {
      sendHead(socket, 100_000);
      socket.getOutputStream().write(new byte[50_000]);
      await(() -> collector.inFlightBytes() > 100_000, "the body has begun");
    }
    collector.assertNothingInFlight();
    assertThat(collector.requests()).isEmpty();
  }

  @Test
  void bodyThatTrickles_is503_withinTheReadTimeout_andGivesItsBudgetBack() throws Exception {
    start(RunningCollector.impatient());
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), collector.collector().httpPort())) {
      socket.setSoTimeout(10_000);
      sendHead(socket, 1000);
      OutputStream out = socket.getOutputStream();
      long until = System.nanoTime() + RunningCollector.SOON.toNanos() / 2;
      while (System.nanoTime() < until) {
        out.write(1);
        out.flush();
        LockSupport.parkNanos(20_000_000);
      }
      assertThat(collector.inFlightBytes()).isEqualTo(1000 + ByteBudget.OVERHEAD);

      String response = new String(socket.getInputStream().readAllBytes(), UTF_8);

      assertThat(response)
          .startsWith("HTTP/1.1 503 ")
          .contains("Retry-After: ", "Connection: close", "was not there within 1500 ms");
    }
    collector.assertNothingInFlight();
    assertThat(collector.requests()).isEqualTo(Map.of("refused slow_client", 1L));
  }

  @Test
  void clientGoneWhileKafkaIsAwaited_keepsItsBudgetUntilKafkaAnswers() throws Exception {
    start(RunningCollector.waitingForKafka());
    byte[] request = Samples.logs(2);
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), collector.collector().httpPort())) {
      sendHead(socket, request.length);
      socket.getOutputStream().write(request);
      collector.awaitRecords(1);
    }
    assertThat(collector.inFlightBytes()).isEqualTo(request.length + ByteBudget.OVERHEAD);

    collector.kafka().completeNext();

    collector.assertNothingInFlight();
    assertThat(collector.items()).isEqualTo(Map.of("accepted", 2L));
  }

  @Test
  void refusalBeforeTheBody_leavesTheConnectionUsable() throws Exception {
    start(RunningCollector.acknowledging());
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), collector.collector().httpPort())) {
      socket.setSoTimeout(10_000);
      byte[] request = Samples.traces(100);
      collector.gate.shut("full");
      sendHead(socket, request.length);
      socket.getOutputStream().write(request);
      assertThat(statusLine(socket)).isEqualTo("HTTP/1.1 503 Service Unavailable");
      collector.gate.open();
      await(() -> collector.requests().containsKey("refused paused"), "counted");
    }
  }

  private static String statusLine(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    int read = socket.getInputStream().read();
    while (read >= 0 && read != '\r') {
      line.append((char) read);
      read = socket.getInputStream().read();
    }
    return line.toString();
  }

  private static void sendHead(Socket socket, int length) throws IOException {
    String head =
        """
        POST /v1/logs HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/x-protobuf\r
        Content-Length: %d\r
        \r
        """
            .formatted(length);
    socket.getOutputStream().write(head.getBytes(UTF_8));
    socket.getOutputStream().flush();
  }
}
