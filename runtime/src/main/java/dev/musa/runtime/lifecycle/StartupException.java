package dev.musa.runtime.lifecycle;

import org.jspecify.annotations.Nullable;

/**
 * A reason why a process cannot start which its user can mend. The message is one line, says what
 * is wrong and how to mend it, and is all that the user is shown: no stack trace.
 */
public class StartupException extends RuntimeException {

  public StartupException(String message) {
    super(message);
  }

  /** The cause is for debug logs only; the message has to stand without it. */
  public StartupException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
