package dev.musa.rules;

import dev.musa.runtime.lifecycle.StartupException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the rules come from.
 *
 * @param directory its {@code *.yaml} files make the rule set; without one everything is kept
 * @param hashKeyFile the secret of {@code hash} steps, at least 16 bytes; the same wherever rules
 *     run
 * @param pollInterval how often the directory is looked at
 * @param activationDelay how far ahead a new set is put in force, so that every reader knows it by
 *     then
 * @param history how long a superseded set stays known; longer than raw records are kept
 */
public record RulesConfig(
    @Nullable Path directory,
    @Nullable Path hashKeyFile,
    Duration pollInterval,
    Duration activationDelay,
    Duration history) {
  public RulesConfig {
    requirePositive("pollInterval", pollInterval);
    requirePositive("activationDelay", activationDelay);
    requirePositive("history", history);
  }

  public static RulesConfig defaults() {
    return new RulesConfig(
        null, null, Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofDays(30));
  }

  /**
   * The key of {@link #hashKeyFile}, or null if none is configured.
   *
   * @throws StartupException if there is none in the file
   */
  @Nullable HashKey readHashKey() {
    Path file = hashKeyFile;
    if (file == null) {
      return null;
    }
    try {
      return HashKey.read(file);
    } catch (IllegalArgumentException e) {
      throw new StartupException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(
          "rules." + name + ": " + value + " (expected: more than 0)");
    }
  }
}
