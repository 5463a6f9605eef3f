package dev.musa.rules.yaml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The text of a file in which missing quotes are put in, so that reading can go on behind them and
 * report everything. Positions are given back as they are in the file.
 */
final class QuotedText {
  private final SourceText source;
  private final List<String> lines;

  /** Per line the columns, in the text with quotes, of the characters put in; ascending. */
  private final Map<Integer, List<Integer>> inserted = new HashMap<>();

  QuotedText(SourceText source, String text) {
    this.source = source;
    this.lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
  }

  String text() {
    return String.join("\n", lines);
  }

  String line(int index) {
    return index < lines.size() ? lines.get(index) : "";
  }

  /** Encloses columns {@code from} to {@code to} of a line in single quotes. */
  void quote(int line, int from, int to) {
    String old = lines.get(line);
    StringBuilder quoted = new StringBuilder(old.substring(0, from));
    List<Integer> columns = new ArrayList<>();
    insert(quoted, columns);
    for (int i = from; i < to; i++) {
      if (old.charAt(i) == '\'') {
        insert(quoted, columns);
      }
      quoted.append(old.charAt(i));
    }
    insert(quoted, columns);
    quoted.append(old, to, old.length());
    int shift = columns.size();
    List<Integer> all = new ArrayList<>(columns);
    for (int earlier : inserted.getOrDefault(line, List.of())) {
      all.add(earlier < from ? earlier : earlier + shift);
    }
    all.sort(null);
    inserted.put(line, all);
    lines.set(line, quoted.toString());
  }

  /** The place in the file of a place in the text with quotes. */
  Position position(int line, int column) {
    int original = column;
    for (int insertedColumn : inserted.getOrDefault(line, List.of())) {
      if (insertedColumn < column) {
        original--;
      }
    }
    return new Position(source, line, original);
  }

  SourceText source() {
    return source;
  }

  private static void insert(StringBuilder line, List<Integer> columns) {
    columns.add(line.length());
    line.append('\'');
  }
}
