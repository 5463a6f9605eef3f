package dev.musa.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.schemas.wire.AnyValueView;
import dev.musa.schemas.wire.Text;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 as 64 lower-case hexadecimal digits. A string is hashed as its UTF-8 bytes, another
 * scalar as its usual text ({@code 42}, {@code 1.5}, {@code true}), so that a number sent as a
 * string has the same hash; an array or a key-value list as it was encoded. Not thread-safe.
 */
public final class Hasher {
  private static final String ALGORITHM = "HmacSHA256";
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(UTF_8);

  private final Mac mac;

  Hasher(HashKey key) {
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.bytes(), ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** A new array with the digits for this value. */
  public byte[] hash(AnyValueView value) {
    update(value);
    return digits(mac.doFinal());
  }

  private void update(AnyValueView value) {
    switch (value.type()) {
      case STRING, BYTES -> {
        Text text = value.text();
        mac.update(text.buffer(), text.start(), text.length());
      }
      case BOOL -> mac.update(Boolean.toString(value.booleanValue()).getBytes(UTF_8));
      case INT -> mac.update(Long.toString(value.longValue()).getBytes(UTF_8));
      case DOUBLE -> mac.update(Double.toString(value.doubleValue()).getBytes(UTF_8));
      // As it was encoded: whatever a sender nests, nothing is walked.
      case ARRAY, KVLIST -> {
        Text encoding = value.encoding();
        mac.update(encoding.buffer(), encoding.start(), encoding.length());
      }
      case EMPTY -> {}
    }
  }

  private static byte[] digits(byte[] digest) {
    byte[] out = new byte[digest.length * 2];
    for (int i = 0; i < digest.length; i++) {
      out[2 * i] = DIGITS[digest[i] >> 4 & 0xf];
      out[2 * i + 1] = DIGITS[digest[i] & 0xf];
    }
    return out;
  }
}
