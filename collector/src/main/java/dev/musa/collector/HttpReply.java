package dev.musa.collector;

import java.util.Map;

/** A whole HTTP response, before it is compressed. */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record HttpReply(int status, String contentType, byte[] body, Map<String, String> headers) {
  boolean isError() {
    return status >= 400;
  }
}
