package net.donut.lab.bench;

import java.util.Arrays;

/// Times of the same work done several times.
final class Rounds {
  private Rounds() {}

  /// How long work takes, in milliseconds: the median of `count` rounds.
  static double medianMillis(int count, Runnable work) {
    double[] millis = new double[count];
    for (int round = 0; round < count; round++) {
      millis[round] = millis(work);
    }
    return median(millis);
  }

  static double millis(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e6;
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
