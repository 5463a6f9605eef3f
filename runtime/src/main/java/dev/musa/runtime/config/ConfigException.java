package dev.musa.runtime.config;

import dev.musa.runtime.lifecycle.StartupException;
import org.jspecify.annotations.Nullable;

/** A mistake in a configuration file; the message begins with {@code file:line:column}. */
public final class ConfigException extends StartupException {

  ConfigException(Location at, String message) {
    this(at, message, null);
  }

  ConfigException(Location at, String message, @Nullable Throwable cause) {
    super(at + ": " + message, cause);
  }

  ConfigException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
