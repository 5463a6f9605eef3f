package dev.musa.collector;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.musa.schemas.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Encodes Export*ServiceResponse, which for the three signals differ in one name only, and
 * google.rpc.Status.
 */
final class ExportResponses {
  private static final int PARTIAL_SUCCESS = 1;
  private static final int REJECTED_ITEMS = 1;
  private static final int ERROR_MESSAGE = 2;

  private static final byte[] EMPTY = {};
  private static final byte[] EMPTY_JSON = {'{', '}'};
  private static final JsonFactory JSON = new JsonFactory();

  private ExportResponses() {}

  static String itemNoun(Signal signal) {
    return switch (signal) {
      case TRACES -> "spans";
      case LOGS -> "log records";
      case METRICS -> "data points";
    };
  }

  private static String rejectedField(Signal signal) {
    return switch (signal) {
      case TRACES -> "rejectedSpans";
      case LOGS -> "rejectedLogRecords";
      case METRICS -> "rejectedDataPoints";
    };
  }

  static byte[] protobuf(Outcome.Accepted accepted) {
    if (accepted.message().isEmpty()) {
      return EMPTY;
    }
    return message(response ->
        response.writeBytes(
            PARTIAL_SUCCESS,
            ByteString.copyFrom(
                message(partial -> {
                  partial.writeInt64(REJECTED_ITEMS, accepted.rejected());
                  partial.writeString(ERROR_MESSAGE, accepted.message());
                }))));
  }

  static byte[] json(Signal signal, Outcome.Accepted accepted) {
    if (accepted.message().isEmpty()) {
      return EMPTY_JSON;
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeName("partialSuccess");
      json.writeStartObject();
      // The JSON mapping of protobuf writes 64-bit integers as strings.
      json.writeName(rejectedField(signal));
      json.writeString(Long.toString(accepted.rejected()));
      json.writeName("errorMessage");
      json.writeString(accepted.message());
      json.writeEndObject();
      json.writeEndObject();
    }
    return text.toByteArray();
  }

  /** A google.rpc.Status without details. */
  static byte[] statusJson(int code, String message) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeName("code");
      json.writeNumber(code);
      json.writeName("message");
      json.writeString(message);
      json.writeEndObject();
    }
    return text.toByteArray();
  }

  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("an array in memory cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
