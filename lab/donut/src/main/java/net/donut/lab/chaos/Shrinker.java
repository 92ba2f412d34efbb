package net.donut.lab.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Makes a failing sequence shorter by leaving out ever smaller parts of it (delta debugging).
/// Stops when no single element can go, or when its trials are used up.
final class Shrinker<T> {
  private final Predicate<List<T>> fails;
  private int trialsLeft;

  /// @param fails does a sequence in a fresh lab, and says whether it still fails
  Shrinker(Predicate<List<T>> fails, int trials) {
    this.fails = fails;
    this.trialsLeft = trials;
  }

  /// The shortest failing part of a sequence that fails that was found, in its order.
  List<T> shrink(List<T> failing) {
    List<T> shortest = List.copyOf(failing);
    int parts = 2;
    while (shortest.size() > 1 && trialsLeft > 0) {
      List<T> shorter = withoutAPart(shortest, Math.min(parts, shortest.size()));
      if (shorter.size() < shortest.size()) {
        shortest = shorter;
        parts = Math.max(2, parts - 1);
      } else if (parts >= shortest.size()) {
        return shortest;
      } else {
        parts *= 2;
      }
    }
    return shortest;
  }

  /// The sequence without the first of its parts that is not needed; itself if all are. What came
  /// first is left out first: the end is where it failed.
  private List<T> withoutAPart(List<T> sequence, int parts) {
    for (int part = 0; part < parts && trialsLeft > 0; part++) {
      int from = sequence.size() * part / parts;
      int to = sequence.size() * (part + 1) / parts;
      List<T> rest = new ArrayList<>(sequence.subList(0, from));
      rest.addAll(sequence.subList(to, sequence.size()));
      trialsLeft--;
      if (fails.test(rest)) {
        return rest;
      }
    }
    return sequence;
  }
}
