package dev.musa.sinks.flow;

import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.MalformedOtlpException;
import dev.musa.schemas.wire.OtlpCursor;
import dev.musa.schemas.wire.Slicer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A batch or what is left of it after it was divided: one request, by concatenation. */
record Part(List<Piece> pieces) {
  private static final int TENANTS_IN_WORDS = 5;

  int bytes() {
    int bytes = 0;
    for (var piece : pieces) {
      bytes += piece.bytes().length;
    }
    return bytes;
  }

  int items() {
    int items = 0;
    for (var piece : pieces) {
      items += piece.items();
    }
    return items;
  }

  boolean maybeSent() {
    for (var piece : pieces) {
      if (piece.maybeSent()) {
        return true;
      }
    }
    return false;
  }

  /** Whose items it holds. */
  Set<String> tenants() {
    Set<String> tenants = new TreeSet<>();
    for (var piece : pieces) {
      tenants.add(piece.headers().tenant());
    }
    return tenants;
  }

  /** Some of them, for people. */
  String tenantsInWords() {
    Set<String> tenants = tenants();
    String some = tenants.stream().limit(TENANTS_IN_WORDS).collect(Collectors.joining(", "));
    int others = tenants.size() - TENANTS_IN_WORDS;
    return others > 0 ? some + " and " + others + " others" : some;
  }

  /** What is whose, in order for each. */
  List<Part> byTenant() {
    Map<String, List<Piece>> apart = new LinkedHashMap<>();
    for (var piece : pieces) {
      apart.computeIfAbsent(piece.headers().tenant(), _ -> new ArrayList<>()).add(piece);
    }
    return apart.values().stream().map(Part::new).toList();
  }

  byte[] request() {
    if (pieces.size() == 1) {
      return pieces.getFirst().bytes();
    }
    var request = new byte[bytes()];
    int at = 0;
    for (var piece : pieces) {
      System.arraycopy(piece.bytes(), 0, request, at, piece.bytes().length);
      at += piece.bytes().length;
    }
    return request;
  }

  /** The same items, all of which a backend may have stored by now. */
  Part sent() {
    var sent = new ArrayList<Piece>(pieces.size());
    for (var piece : pieces) {
      sent.add(piece.sent());
    }
    return new Part(sent);
  }

  /**
   * The two halves, in order: by records first, then by items. Only one if the part is one item
   * beside containers without items, which are left out; none if it cannot be divided.
   *
   * @throws MalformedOtlpException if it is one record that cannot be divided
   */
  List<Part> halves(Signal signal) {
    if (pieces.size() > 1) {
      int middle = middleByBytes();
      return List.of(
          new Part(pieces.subList(0, middle)), new Part(pieces.subList(middle, pieces.size())));
    }
    var piece = pieces.getFirst();
    int items = countItems(signal, piece.bytes());
    var slicer = new Slicer(signal);
    int half = (items + 1) / 2;
    int[] at = {0};
    slicer.slice(piece.bytes(), 2, _ -> at[0]++ < half ? 0 : 1);
    var halves = new ArrayList<Part>(2);
    for (int side = 0; side < 2; side++) {
      if (!slicer.isEmpty(side)) {
        halves.add(new Part(List.of(piece.with(slicer.bytes(side), slicer.items(side)))));
      }
    }
    boolean undivided = halves.size() == 1 && halves.getFirst().bytes() == piece.bytes().length;
    return undivided ? List.of() : halves;
  }

  private int middleByBytes() {
    int half = bytes() / 2;
    int before = pieces.getFirst().bytes().length;
    int middle = 1;
    while (middle < pieces.size() - 1 && before < half) {
      before += pieces.get(middle).bytes().length;
      middle++;
    }
    return middle;
  }

  private static int countItems(Signal signal, byte[] bytes) {
    var cursor = new OtlpCursor(signal);
    cursor.reset(bytes);
    int items = 0;
    while (cursor.next()) {
      items++;
    }
    return items;
  }
}
