package dev.musa.schemas.wire;

/** Gives resources what they do not say of themselves. */
@FunctionalInterface
public interface ResourceExtension {
  /**
   * Looks at a resource and says what it lacks.
   *
   * @param sent valid during this call
   * @param into what to change; empty, and valid during this call
   */
  void extend(ResourceView sent, AttributeEditor into);
}
