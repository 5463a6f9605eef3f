package dev.musa.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.schemas.Signal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A whole rule set, checked and immutable. Its version is a hash of its files' names and texts. */
public final class RuleSet {
  private static final int VERSION_DIGITS = 12;

  /** Keeps everything as it is. */
  public static final RuleSet EMPTY =
      new RuleSet("none", 0, Collections.emptySortedMap(), CheckedRules.NONE);

  private final String version;
  private final long activeFromUnixMilli;
  private final SortedMap<String, String> files;
  private final CheckedRules rules;

  private RuleSet(
      String version,
      long activeFromUnixMilli,
      SortedMap<String, String> files,
      CheckedRules rules) {
    this.version = version;
    this.activeFromUnixMilli = activeFromUnixMilli;
    this.files = files;
    this.rules = rules;
  }

  /**
   * Reads a rule set from the texts of its files, merged in the order of their names.
   *
   * @param hashKey for {@code hash} steps; a set that has one is refused without a key
   * @throws RuleException with every problem found
   */
  public static RuleSet load(Map<String, String> filesByName, @Nullable HashKey hashKey)
      throws RuleException {
    if (filesByName.isEmpty()) {
      return EMPTY;
    }
    SortedMap<String, String> files = Collections.unmodifiableSortedMap(new TreeMap<>(filesByName));
    CheckedRules rules = new RuleReader(hashKey).read(files);
    return new RuleSet(versionOf(files), 0, files, rules);
  }

  /** The version that a set with these files has, also if it is wrong. */
  public static String versionOf(Map<String, String> filesByName) {
    if (filesByName.isEmpty()) {
      return EMPTY.version;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      new TreeMap<>(filesByName)
          .forEach((name, content) -> {
            digest.update(name.getBytes(UTF_8));
            digest.update((byte) 0);
            digest.update(content.getBytes(UTF_8));
            digest.update((byte) 0);
          });
      return HexFormat.of().formatHex(digest.digest()).substring(0, VERSION_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The same set as it was published: under this version, in force from this time on. */
  public RuleSet published(String version, long activeFromUnixMilli) {
    return new RuleSet(version, activeFromUnixMilli, files, rules);
  }

  /** Twelve hexadecimal digits; {@code none} for {@link #EMPTY}. */
  public String version() {
    return version;
  }

  /** From which record timestamp on the set holds; 0 before it is published. */
  public long activeFromUnixMilli() {
    return activeFromUnixMilli;
  }

  /** True if it holds also for records from before its activation that are not processed yet. */
  public boolean isFromBacklog() {
    return rules.fromBacklog();
  }

  /** The texts that the set was read from, by file name. */
  public SortedMap<String, String> files() {
    return files;
  }

  /** True if the set has no steps, so that everything is kept. */
  public boolean isEmpty() {
    return steps(Signal.TRACES) + steps(Signal.LOGS) + steps(Signal.METRICS) == 0;
  }

  /** How many steps the set has for a signal. */
  public int steps(Signal signal) {
    return rules.plans(signal).size();
  }

  /** True if a step hashes, so that whoever runs the set needs the key. */
  public boolean hashes() {
    return rules.plans().values().stream()
        .flatMap(plans -> plans.stream())
        .anyMatch(plan -> plan instanceof StepPlan.HashPlan);
  }

  /** Compiles the steps for traces; each call gives a new instance for one thread. */
  public TraceRules traces() {
    return new TraceRules(rules.compile(Signal.TRACES));
  }

  /** Compiles the steps for logs; each call gives a new instance for one thread. */
  public LogRules logs() {
    return new LogRules(rules.compile(Signal.LOGS));
  }

  /** Compiles the steps for metrics; each call gives a new instance for one thread. */
  public MetricRules metrics() {
    return new MetricRules(rules.compile(Signal.METRICS));
  }

  @Override
  public String toString() {
    return "RuleSet[" + version + ']';
  }
}
