package dev.musa.processors.stages;

/** What becomes of an item in the processors: the outcomes that they count. */
public final class Outcomes {
  /** The stage label of everything that the processors count. */
  public static final String STAGE = "processors";

  public static final String PROCESSED = "processed";
  public static final String DROPPED = "dropped";
  public static final String LIMITED = "limited";
  public static final String DEAD_LETTERED = "deadlettered";

  /** Written to a waiting topic, from where it is taken in again. */
  public static final String WAITING = "waiting";

  public static final String EXPIRED = "expired";

  private Outcomes() {}
}
