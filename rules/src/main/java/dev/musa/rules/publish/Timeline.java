package dev.musa.rules.publish;

import dev.musa.rules.RuleSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which rule set is in force when. Immutable: a publication makes a new timeline, so that readers
 * need no lock. What is published later wins from its activation on; a set that is {@code from:
 * backlog} wins over all before it at any time.
 */
public final class Timeline {
  public static final Timeline EMPTY =
      new Timeline(new long[0], new RuleSet[0], Map.of(), RuleSet.EMPTY);

  /** Ascending; the set at the same index is in force from then on. */
  private final long[] activations;

  private final RuleSet[] sets;
  private final Map<String, RuleSet> versions;
  private final RuleSet newest;

  private Timeline(
      long[] activations, RuleSet[] sets, Map<String, RuleSet> versions, RuleSet newest) {
    this.activations = activations;
    this.sets = sets;
    this.versions = versions;
    this.newest = newest;
  }

  /** The timeline with a set that was published after all that are in it. */
  public Timeline with(RuleSet set) {
    long from = set.isFromBacklog() ? Long.MIN_VALUE : set.activeFromUnixMilli();
    int kept = 0;
    while (kept < activations.length && activations[kept] < from) {
      kept++;
    }
    long[] newActivations = Arrays.copyOf(activations, kept + 1);
    RuleSet[] newSets = Arrays.copyOf(sets, kept + 1);
    newActivations[kept] = from;
    newSets[kept] = set;
    Map<String, RuleSet> newVersions = new HashMap<>(versions);
    newVersions.put(set.version(), set);
    return new Timeline(newActivations, newSets, newVersions, set);
  }

  /**
   * The set in force for a record with this timestamp. Before the first that is known, it is that
   * one: whatever a clock shows, and however old a record is, nothing passes without rules where
   * there are some.
   */
  public RuleSet at(long recordUnixMilli) {
    int low = 0;
    int high = activations.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (activations[middle] <= recordUnixMilli) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return sets.length == 0 ? RuleSet.EMPTY : sets[Math.max(0, high)];
  }

  /** The set with this version, however long ago it was in force; null if it is not known. */
  public @Nullable RuleSet version(String version) {
    RuleSet set = versions.get(version);
    return set == null && version.equals(RuleSet.EMPTY.version()) ? RuleSet.EMPTY : set;
  }

  /** The set that was published last, which may not be in force yet. */
  public RuleSet newest() {
    return newest;
  }
}
