package dev.musa.chaos;

/**
 * Items that have come to a place more than once.
 *
 * @param ofOneSending though they were sent once and acknowledged
 * @param ofSeveral because their sender has sent them again
 */
record Repeats(long ofOneSending, long ofSeveral) {

  static Repeats count(Counts arrivals, Sent sent) {
    long once = 0;
    long several = 0;
    for (Kind kind : Kind.values()) {
      for (var arrival : arrivals.of(kind).entrySet()) {
        long number = arrival.getKey();
        long times = arrival.getValue();
        if (times > 1) {
          if (sent.wasSentAgain(kind, kind == Kind.SPAN ? Traffic.traceOf(number) : number)) {
            several += times - 1;
          } else {
            once += times - 1;
          }
        }
      }
    }
    return new Repeats(once, several);
  }
}
