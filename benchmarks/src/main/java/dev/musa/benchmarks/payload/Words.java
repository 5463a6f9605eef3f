package dev.musa.benchmarks.payload;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/** Texts and ids as telemetry has them: few words, often repeated, and ids that never are. */
final class Words {
  private static final List<String> WORDS =
      List.of(
          "order",
          "customer",
          "payment",
          "select",
          "from",
          "where",
          "session",
          "retry",
          "timeout",
          "cache",
          "index",
          "update",
          "shipping",
          "quote",
          "currency",
          "basket",
          "product",
          "limit",
          "stock",
          "invoice",
          "token",
          "address",
          "region",
          "batch");
  private static final List<String> KEYS =
      List.of(
          "http.request.method",
          "url.path",
          "http.response.status_code",
          "server.address",
          "server.port",
          "network.protocol.version",
          "user_agent.original",
          "thread.id",
          "client.address",
          "app.customer.id",
          "rpc.service",
          "messaging.operation");
  private static final List<String> METHODS = List.of("GET", "GET", "GET", "POST", "PUT");

  private final SplittableRandom random;

  Words(SplittableRandom random) {
    this.random = random;
  }

  SplittableRandom random() {
    return random;
  }

  boolean chance(double share) {
    return random.nextDouble() < share;
  }

  ByteString id(int bytes) {
    ByteBuffer id = ByteBuffer.allocate(bytes);
    while (id.hasRemaining()) {
      id.putLong(random.nextLong() | 1);
    }
    return ByteString.copyFrom(id.flip());
  }

  /** Words up to this many characters, which are bytes too. */
  String text(int length) {
    StringBuilder text = new StringBuilder(length + 16);
    while (text.length() < length) {
      if (random.nextInt(8) == 0) {
        text.append(Long.toString(random.nextInt(1_000_000), 36));
      } else {
        text.append(WORDS.get(random.nextInt(WORDS.size())));
      }
      text.append(' ');
    }
    text.setLength(length);
    return text.toString();
  }

  /** The attribute with this number: some strings of few values, some of many, some integers. */
  KeyValue attribute(int number) {
    String key = number < KEYS.size() ? KEYS.get(number) : "app.attribute." + number;
    return switch (number % KEYS.size()) {
      case 0 -> attribute(key, METHODS.get(random.nextInt(METHODS.size())));
      case 1 -> attribute(key, "/api/v1/" + word() + "/" + random.nextInt(10_000));
      case 2 -> attribute(key, 200 + random.nextInt(3) * 100);
      case 3 -> attribute(key, word() + ".shop.svc.cluster.local");
      case 4 -> attribute(key, 8000 + random.nextInt(80));
      case 5 -> attribute(key, "1.1");
      case 7 -> attribute(key, random.nextInt(200));
      case 8 -> attribute(key, "10.1." + random.nextInt(16) + "." + random.nextInt(256));
      case 9 -> attribute(key, Long.toHexString(random.nextLong()));
      default -> attribute(key, word() + "-" + word());
    };
  }

  String word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  static KeyValue attribute(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }
}
