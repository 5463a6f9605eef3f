package dev.musa.rules.condition;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.musa.rules.Condition;
import dev.musa.schemas.wire.OtlpCursor;

/** Whether a regular expression finds something in a text, in linear time. */
final class Matches implements Condition {
  private final Operand text;
  private final Matcher matcher;
  private final Ascii ascii = new Ascii();

  Matches(Operand text, Pattern pattern) {
    this.text = text;
    this.matcher = pattern.matcher("");
  }

  @Override
  public boolean test(OtlpCursor at) {
    if (text.load(at) != Kind.STRING) {
      return false;
    }
    if (isAscii(text)) {
      ascii.set(text);
      return matcher.reset(ascii).find();
    }
    return matcher.reset(new String(text.buffer, text.start, text.length, UTF_8)).find();
  }

  private static boolean isAscii(Operand text) {
    for (int i = text.start; i < text.start + text.length; i++) {
      if (text.buffer[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /** Bytes in place as characters. */
  private static final class Ascii implements CharSequence {
    private byte[] buffer = {};
    private int start;
    private int length;

    void set(Operand text) {
      buffer = text.buffer;
      start = text.start;
      length = text.length;
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public char charAt(int index) {
      return (char) buffer[start + index];
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return new String(buffer, start + from, to - from, UTF_8);
    }

    @Override
    public String toString() {
      return new String(buffer, start, length, UTF_8);
    }
  }
}
