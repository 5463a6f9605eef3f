package dev.musa.chaos;

/** Where items are delivered to. */
enum Place {
  BACKEND("backend", "sink:chaos"),
  FILES("files", "sink:files");

  private final String label;
  private final String sink;

  Place(String label, String sink) {
    this.label = label;
    this.sink = sink;
  }

  /** The stage of the ledger that delivers there. */
  String sink() {
    return sink;
  }

  String label() {
    return label;
  }
}
