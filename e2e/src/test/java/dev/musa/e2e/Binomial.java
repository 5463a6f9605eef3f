package dev.musa.e2e;

/** How many of {@code n} independent trials succeed. */
record Binomial(int n, double p) {
  /** The probability of this number of successes or fewer. */
  double atMost(int successes) {
    double sum = 0;
    // In logarithms, because the first terms are smaller than a double can be.
    double log = n * Math.log1p(-p);
    for (int k = 0; k <= successes; k++) {
      sum += Math.exp(log);
      log += Math.log((double) (n - k) / (k + 1)) + Math.log(p) - Math.log1p(-p);
    }
    return Math.min(1, sum);
  }

  /** The probability of this number of successes or more. */
  double atLeast(int successes) {
    return new Binomial(n, 1 - p).atMost(n - successes);
  }
}
