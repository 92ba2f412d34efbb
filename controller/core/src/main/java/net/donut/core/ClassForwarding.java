package net.donut.core;

import java.util.Arrays;

/// What a class means in packets, by router: the exit used (0 for none), the hop list, primary
/// first (empty when the router has no live hop), and how many routers a packet still passes. The
/// arrays are never written.
record ClassForwarding(int[] exits, int[][] hops, int[] depths) {
  /// Nothing is forwarded anywhere.
  static ClassForwarding dead(int routers) {
    int[][] none = new int[routers][];
    Arrays.fill(none, new int[0]);
    return new ClassForwarding(new int[routers], none, new int[routers]);
  }

  boolean isAlive(int router) {
    return router < hops.length && hops[router].length > 0;
  }

  int exit(int router) {
    return router < exits.length ? exits[router] : Exits.NONE;
  }

  int[] hops(int router) {
    return router < hops.length ? hops[router] : new int[0];
  }

  int depth(int router) {
    return router < depths.length ? depths[router] : 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClassForwarding that
        && Arrays.equals(exits, that.exits)
        && Arrays.deepEquals(hops, that.hops)
        && Arrays.equals(depths, that.depths);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(exits) + Arrays.deepHashCode(hops);
  }
}
