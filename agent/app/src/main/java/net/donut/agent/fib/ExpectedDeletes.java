package net.donut.agent.fib;

import java.util.Arrays;
import net.donut.model.Prefix;

/// Our own route deletions whose reports have not arrived yet, in order: the kernel reports in the
/// order of its changes, so a report that is not the next expected one is of somebody else's
/// change. Owned by `agent-fib`.
final class ExpectedDeletes {
  private long[] ring = new long[256];
  private int first;
  private int size;

  void add(RouteTable table, int slot) {
    add(
        Digests.route(
            table.instance().table(),
            table.family(),
            table.prefixes().high(slot),
            table.prefixes().low(slot),
            table.prefixes().length(slot),
            0));
  }

  private void add(long hash) {
    if (size == ring.length) {
      long[] larger = Arrays.copyOf(ring, size * 2);
      // What wrapped around comes after the rest.
      System.arraycopy(ring, 0, larger, size, first);
      ring = larger;
    }
    ring[(first + size) & (ring.length - 1)] = hash;
    size++;
  }

  /// Takes the next one if it is this route.
  boolean take(RouteTable table, Prefix prefix) {
    long hash =
        Digests.route(
            table.instance().table(),
            prefix.family(),
            prefix.high(),
            prefix.low(),
            prefix.length(),
            0);
    if (size == 0 || ring[first] != hash) {
      return false;
    }
    first = (first + 1) & (ring.length - 1);
    size--;
    return true;
  }

  void clear() {
    first = 0;
    size = 0;
  }
}
