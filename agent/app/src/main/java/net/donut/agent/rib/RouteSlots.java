package net.donut.agent.rib;

import java.util.Arrays;
import net.donut.model.Prefixes;

/// A handful of (slot, attribute set id) pairs on their way to a reader, grouped by id when read.
/// Owned by `agent-rib`.
final class RouteSlots {
  private final long[] pairs;
  private final CountedPrefixes prefixes;
  private int size;

  RouteSlots(CountedPrefixes prefixes, int most) {
    this.prefixes = prefixes;
    this.pairs = new long[most];
  }

  /// Adds a slot, taking over the caller's reference on it.
  void add(int slot, int id) {
    pairs[size++] = (long) id << 32 | slot;
  }

  boolean isFull() {
    return size == pairs.length;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /// Puts pairs of one id next to each other.
  void group() {
    Arrays.sort(pairs, 0, size);
  }

  int id(int i) {
    return (int) (pairs[i] >>> 32);
  }

  int slot(int i) {
    return (int) pairs[i];
  }

  /// The end of the group that begins at `from`, which has at most `most` pairs.
  int groupEnd(int from, int most) {
    int end = from + 1;
    while (end < size && end - from < most && id(end) == id(from)) {
      end++;
    }
    return end;
  }

  /// The prefixes of pairs `from` up to `end`, without it.
  Prefixes prefixes(int from, int end) {
    Prefixes.Builder builder = new Prefixes.Builder(prefixes.family(), end - from);
    for (int i = from; i < end; i++) {
      prefixes.addTo(builder, slot(i));
    }
    return builder.build();
  }

  /// Empties this and gives the references back.
  void clear() {
    for (int i = 0; i < size; i++) {
      prefixes.release(slot(i));
    }
    size = 0;
  }
}
