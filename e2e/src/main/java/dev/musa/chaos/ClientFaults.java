package dev.musa.chaos;

import com.google.protobuf.CodedOutputStream;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Clients that break off, dawdle, crowd, or send what nobody should have to read. */
final class ClientFaults {
  private static final Duration CALL = Duration.ofSeconds(30);
  private static final Duration LASTS = Duration.ofSeconds(20);
  private static final Duration HELD = Duration.ofSeconds(5);
  private static final int VANISHING = 300;
  private static final int SLOW = 200;
  private static final int CROWD = 10_000;

  /** For what this process and the collector have open besides. */
  private static final int SPARE_FILES = 1_000;

  private static final int CONNECT_MILLIS = 5_000;
  private static final int BOMB_MEBIBYTES = 2_048;
  private static final int DEPTH = 10_000;
  private static final String HEAD =
      "POST /v1/logs HTTP/1.1\r\nHost: musa\r\nContent-Type: application/x-protobuf\r\n"
          + "Content-Length: 100000\r\n\r\n";
  private static final String HTTP2_PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  /** With empty SETTINGS, and the beginning of HEADERS of 16,000 bytes for the first stream. */
  private static final String HTTP2_HEAD =
      HTTP2_PREFACE + "\0\0\0\4\0\0\0\0\0" + "\0>\u0080\1\0\0\0\0\1";

  private ClientFaults() {}

  static Map<String, Fault> all() {
    Map<String, Fault> all = new LinkedHashMap<>();
    all.put("clients-vanish", Fault.of(ClientFaults::vanish));
    all.put("clients-slow", Fault.of(ClientFaults::dawdle));
    all.put("clients-many", Fault.of(ClientFaults::crowd));
    all.put("clients-bomb", Fault.of(ClientFaults::bomb));
    all.put("clients-nested", Fault.of(ClientFaults::nest));
    return all;
  }

  /** In the middle of a request, half of them with a reset. */
  private static void vanish(Scene scene) throws InterruptedException {
    Plant plant = scene.plant();
    for (int i = 0; i < VANISHING; i++) {
      boolean grpc = i % 2 == 0;
      try (Socket socket = connect(grpc ? plant.grpcPort() : plant.intakePort())) {
        socket.setSoLinger(i % 4 < 2, 0);
        write(socket, (grpc ? HTTP2_PREFACE : HEAD) + "x".repeat(scene.random().nextInt(5_000)));
      } catch (IOException _) {
        // The other side may have been faster.
      }
    }
    scene.expectIntakeGoesOn("clients-vanish");
  }

  /** A byte a second each, of a request that never ends. */
  private static void dawdle(Scene scene) throws InterruptedException {
    List<Socket> sockets = open(scene.plant(), SLOW);
    try {
      for (int i = 0; i < sockets.size(); i++) {
        writeOrLeave(sockets.get(i), isHttp(i) ? HEAD : HTTP2_HEAD);
      }
      for (int second = 0; second < LASTS.toSeconds(); second++) {
        for (Socket socket : sockets) {
          writeOrLeave(socket, "x");
        }
        Scene.sleep(Duration.ofSeconds(1));
      }
      scene.expectIntakeGoesOn("clients-slow");
    } finally {
      close(sockets);
    }
  }

  private static void crowd(Scene scene) throws InterruptedException {
    List<Socket> sockets = open(scene.plant(), Math.min(CROWD, mostSockets()));
    try {
      Scene.sleep(HELD);
      scene.expectIntakeGoesOn("clients-many: " + sockets.size() + " connections are open");
    } finally {
      close(sockets);
    }
  }

  private static int mostSockets() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? Math.clamp(unix.getMaxFileDescriptorCount() - SPARE_FILES, 1, CROWD)
        : SPARE_FILES;
  }

  /** Two GiB of zeros in two MiB. */
  private static void bomb(Scene scene) throws InterruptedException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (OutputStream zip = new GZIPOutputStream(bomb)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < BOMB_MEBIBYTES; i++) {
        zip.write(zeros);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    expectRefusal(scene, "clients-bomb", bomb.toByteArray(), "gzip", 413, "");
    scene.expectIntakeGoesOn("clients-bomb");
  }

  /** A log record whose body is a list in a list, and so on. */
  private static void nest(Scene scene) throws InterruptedException {
    byte[] value = {};
    try {
      for (int i = 0; i < DEPTH; i++) {
        value = field(5, field(1, value));
      }
      byte[] request = field(1, field(2, field(2, field(5, value))));
      expectRefusal(scene, "clients-nested", request, "identity", 200, "nested too deeply");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    scene.expectIntakeGoesOn("clients-nested");
  }

  private static byte[] field(int number, byte[] message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(message.length + 12);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeByteArray(number, message);
    out.flush();
    return bytes.toByteArray();
  }

  /** The whole request by its status, or a single item in words. */
  private static void expectRefusal(
      Scene scene, String fault, byte[] body, String encoding, int status, String words)
      throws InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + scene.plant().intakePort() + "/v1/logs"))
              .timeout(CALL)
              .header("Content-Type", "application/x-protobuf")
              .header("Content-Encoding", encoding)
              .POST(BodyPublishers.ofByteArray(body))
              .build();
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != status || !response.body().contains(words)) {
        throw new ChaosException(
            "%s: the answer is %d '%s' (expected: %d and '%s')"
                .formatted(fault, response.statusCode(), response.body(), status, words));
      }
    } catch (IOException e) {
      throw new ChaosException(fault + ": no answer but " + e);
    }
  }

  private static List<Socket> open(Plant plant, int count) {
    List<Socket> sockets = new ArrayList<>(count);
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(connect(isHttp(i) ? plant.intakePort() : plant.grpcPort()));
      }
    } catch (IOException e) {
      close(sockets);
      throw new ChaosException(
          "connection %d of %d is not taken: %s".formatted(sockets.size() + 1, count, e));
    }
    return sockets;
  }

  private static boolean isHttp(int socket) {
    return socket % 2 == 0;
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A collector may well close what takes too long. */
  private static void writeOrLeave(Socket socket, String text) {
    try {
      write(socket, text);
    } catch (IOException _) {
      close(List.of(socket));
    }
  }

  private static void close(List<Socket> sockets) {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
