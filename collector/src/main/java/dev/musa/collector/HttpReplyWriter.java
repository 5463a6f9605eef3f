package dev.musa.collector;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.QuotedQualityCSV;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Sends a reply, compressed if the client takes that and it is worthwhile. */
final class HttpReplyWriter {
  /** What fits into one packet anyway is not made smaller. */
  private static final int WORTHWHILE = 1400;

  private HttpReplyWriter() {}

  static void write(HttpReply reply, Request request, Response response, Callback callback) {
    HttpFields.Mutable headers = response.getHeaders();
    response.setStatus(reply.status());
    headers.put(HttpHeader.CONTENT_TYPE, reply.contentType());
    reply.headers().forEach(headers::put);
    byte[] body = reply.body();
    if (body.length >= WORTHWHILE) {
      headers.put(HttpHeader.VARY, "Accept-Encoding");
      if (acceptsGzip(request)) {
        headers.put(HttpHeader.CONTENT_ENCODING, "gzip");
        body = gzip(body);
      }
    }
    headers.put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private static boolean acceptsGzip(Request request) {
    QuotedQualityCSV accepted = new QuotedQualityCSV();
    request.getHeaders().getValuesList(HttpHeader.ACCEPT_ENCODING).forEach(accepted::addValue);
    // Values of quality zero are left out.
    return accepted.getValues().stream().anyMatch("gzip"::equalsIgnoreCase);
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream(body.length / 2);
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("an array in memory cannot fail", e);
    }
    return compressed.toByteArray();
  }
}
