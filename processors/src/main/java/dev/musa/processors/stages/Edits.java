package dev.musa.processors.stages;

import dev.musa.rules.AttributePath;

/** Where steps write changed attributes of the item that they look at. */
@FunctionalInterface
public interface Edits {
  /** Gives an attribute, of the resource or of the item, a string value. */
  void set(AttributePath path, byte[] utf8Value);
}
