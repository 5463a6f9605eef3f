package dev.musa.chaos;

/** Where items are delivered to. */
enum Place {
  BACKEND("backend"),
  FILES("files");

  private final String label;

  Place(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
