package dev.musa.e2e;

/** What whoever runs the tests may say. */
final class Environment {
  private Environment() {}

  /** The value of a variable, empty if it is not set. */
  static String variable(String name) {
    String value = System.getenv(name);
    return value == null ? "" : value.strip();
  }
}
