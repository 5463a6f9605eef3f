package dev.musa.rules;

import java.util.List;

/**
 * Learns when the rule directory begins to be refused, when for another reason, and when no more.
 */
@FunctionalInterface
public interface DirectoryListener {
  /**
   * Called once for each change, also if it came while nobody ran. Rules wait for this, so it must
   * neither block nor throw.
   *
   * @param version of the rules that were published last
   * @param problems why the directory is refused, each in one line; empty if it is published
   */
  void changed(String version, List<String> problems);
}
