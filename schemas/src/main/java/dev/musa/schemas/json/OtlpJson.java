package dev.musa.schemas.json;

import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.MalformedOtlpException;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * OTLP/JSON, the JSON mapping of <a
 * href="https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding">OTLP</a>: ids in hex,
 * enums as integers, 64-bit integers as strings or numbers, names in lowerCamelCase, unknown names
 * ignored.
 *
 * <p>Thread-safe.
 */
public final class OtlpJson {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private OtlpJson() {}

  /**
   * The protobuf encoding of a request in JSON.
   *
   * @throws MalformedOtlpException if it is not JSON or a value is not of its field's type
   */
  public static byte[] toProtobuf(Signal signal, byte[] json) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      Message.Builder request = prototype(signal).newBuilderForType();
      new JsonMessageReader(parser).readDocument(request);
      return request.build().toByteArray();
    } catch (JacksonException e) {
      throw new MalformedOtlpException(e.getOriginalMessage(), offsetOf(e.getLocation()));
    }
  }

  /**
   * Writes a request as one line of JSON, ended by a line feed.
   *
   * @throws MalformedOtlpException if {@code otlp} is not a message that protobuf's own parser
   *     takes
   */
  public static void writeLine(Signal signal, byte[] otlp, OutputStream into) throws IOException {
    Message message = parse(signal, otlp);
    try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), into)) {
      new JsonMessageWriter(generator).write(message);
    } catch (JacksonException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new UncheckedIOException(new IOException(e));
    }
    into.write('\n');
  }

  private static Message parse(Signal signal, byte[] otlp) {
    try {
      return prototype(signal)
          .getParserForType()
          .parseFrom(otlp, ExtensionRegistryLite.getEmptyRegistry());
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedOtlpException(String.valueOf(e.getMessage()), 0);
    }
  }

  private static Message prototype(Signal signal) {
    return switch (signal) {
      case TRACES -> TracesData.getDefaultInstance();
      case LOGS -> LogsData.getDefaultInstance();
      case METRICS -> MetricsData.getDefaultInstance();
    };
  }

  private static int offsetOf(TokenStreamLocation location) {
    return (int) Math.max(0, location == null ? 0 : location.getByteOffset());
  }
}
