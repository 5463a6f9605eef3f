package dev.musa.collector;

/** How a request came in. */
enum Protocol {
  GRPC("grpc"),
  HTTP("http");

  private final String label;

  Protocol(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
