package dev.musa.rules.yaml;

import java.util.List;
import java.util.regex.Pattern;

/** A file as it was given, and where its lines begin. */
public final class SourceText {
  private static final Pattern LINE_BREAK = Pattern.compile("\r\n|\r|\n");

  private final String name;
  private final List<String> lines;

  public SourceText(String name, String text) {
    this.name = name;
    this.lines = List.of(LINE_BREAK.split(text, -1));
  }

  public String name() {
    return name;
  }

  /** The line without its end, or an empty one behind the last. */
  public String line(int index) {
    return index < lines.size() ? lines.get(index) : "";
  }

  public Position start() {
    return new Position(this, 0, 0);
  }
}
