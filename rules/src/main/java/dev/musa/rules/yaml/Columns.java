package dev.musa.rules.yaml;

/** YAML and CEL count columns in code points, Java strings in characters. */
final class Columns {
  private Columns() {}

  static int ofCodePoint(String line, int codePoints) {
    return codePoints >= line.codePointCount(0, line.length())
        ? line.length()
        : line.offsetByCodePoints(0, codePoints);
  }
}
