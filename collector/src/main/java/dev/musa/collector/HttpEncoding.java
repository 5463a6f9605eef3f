package dev.musa.collector;

import org.jspecify.annotations.Nullable;

/** The two encodings of OTLP/HTTP. A reply has the encoding of its request. */
enum HttpEncoding {
  PROTOBUF("application/x-protobuf"),
  JSON("application/json");

  private final String mimeType;

  HttpEncoding(String mimeType) {
    this.mimeType = mimeType;
  }

  String mimeType() {
    return mimeType;
  }

  /** By the value of a Content-Type header, whatever its parameters; null if it is neither. */
  static @Nullable HttpEncoding of(@Nullable String contentType) {
    if (contentType == null) {
      return null;
    }
    int parameters = contentType.indexOf(';');
    String essence = (parameters < 0 ? contentType : contentType.substring(0, parameters)).strip();
    for (HttpEncoding encoding : values()) {
      if (encoding.mimeType.equalsIgnoreCase(essence)) {
        return encoding;
      }
    }
    return null;
  }
}
