package dev.musa.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** The text of an Event, within what the API takes. */
final class Note {
  /** The API calls them characters and counts bytes. */
  static final int MAX_BYTES = 1024;

  private static final String CUT = "...";

  /** For the number of those that are left out. */
  private static final int ROOM_FOR_MORE = 24;

  private Note() {}

  /** Why rules are refused: as many problems as have room, and how many more there are. */
  static String refusal(String version, List<String> problems) {
    StringBuilder note = new StringBuilder("rules " + version + " stay: ");
    int room = MAX_BYTES - ROOM_FOR_MORE - bytes(note);
    int told = 0;
    for (String problem : problems) {
      String line = told == 0 ? cut(problem, room) : "\n" + problem;
      if (bytes(line) > room) {
        return note.append("\n(and ").append(problems.size() - told).append(" more)").toString();
      }
      note.append(line);
      room -= bytes(line);
      told++;
    }
    return note.toString();
  }

  private static String cut(String text, int maxBytes) {
    if (bytes(text) <= maxBytes) {
      return text;
    }
    int room = maxBytes - bytes(CUT);
    int end = 0;
    while (true) {
      int next = end + Character.charCount(text.codePointAt(end));
      room -= bytes(text.substring(end, next));
      if (room < 0) {
        return text.substring(0, end) + CUT;
      }
      end = next;
    }
  }

  private static int bytes(CharSequence text) {
    return text.toString().getBytes(UTF_8).length;
  }
}
