package net.donut.controller.southbound;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The operations sent on one stream and not acknowledged yet, by their number, in a ring. Owned by
/// `south-NAME`.
final class InFlight {
  static final int LIMIT = 16_384;

  /// What an operation was about.
  enum Kind {
    NEXT_HOP,
    GROUP,
    IPV4,
    IPV6
  }

  private final @Nullable Kind[] kinds = new @Nullable Kind[LIMIT];
  private final long[] keys = new long[LIMIT];
  private long next = 1;
  private long oldest = 1;
  private int size;

  private static int at(long id) {
    return (int) (id & (LIMIT - 1));
  }

  boolean hasRoom() {
    return next - oldest < LIMIT;
  }

  /// Registers an operation and returns its number.
  long add(Kind kind, long key) {
    kinds[at(next)] = kind;
    keys[at(next)] = key;
    size++;
    return next++;
  }

  boolean contains(long id) {
    return id >= oldest && id < next && kinds[at(id)] != null;
  }

  Kind kind(long id) {
    return Objects.requireNonNull(kinds[at(id)]);
  }

  long key(long id) {
    return keys[at(id)];
  }

  void remove(long id) {
    kinds[at(id)] = null;
    size--;
    while (oldest < next && kinds[at(oldest)] == null) {
      oldest++;
    }
  }

  int size() {
    return size;
  }

  void clear() {
    Arrays.fill(kinds, null);
    oldest = next;
    size = 0;
  }
}
