package dev.musa.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * An attribute of the resource or of the item itself, as {@code resource["host.name"]} names it.
 */
public final class AttributePath {
  /** Where the attribute stands. */
  public enum Scope {
    RESOURCE,
    ITEM
  }

  private final Scope scope;
  private final String key;
  private final byte[] utf8Key;

  public AttributePath(Scope scope, String key) {
    this.scope = scope;
    this.key = key;
    this.utf8Key = key.getBytes(UTF_8);
  }

  public Scope scope() {
    return scope;
  }

  public String key() {
    return key;
  }

  /** The key as it stands in a message; read only. */
  public byte[] utf8Key() {
    return utf8Key;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AttributePath that && scope == that.scope && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return 31 * scope.hashCode() + key.hashCode();
  }

  @Override
  public String toString() {
    return (scope == Scope.RESOURCE ? "resource[\"" : "attributes[\"") + key + "\"]";
  }
}
