package net.donut.core.change;

import java.util.Arrays;
import net.donut.model.Prefixes;

/// Prefixes of one family and the group that each is to use at a router; 0 for no route.
///
/// `stage` orders blocks between routers: what a router with a lower stage does must be in its
/// kernel before a higher stage is sent, so that nobody is sent packets before it has the route and
/// no route goes before its users. Within a router the order of blocks is enough. The array is
/// never written.
public record RouteBlock(int stage, Prefixes prefixes, long[] groups) {
  public RouteBlock {
    if (prefixes.size() != groups.length) {
      throw new IllegalArgumentException(
          "groups: " + groups.length + " (expected: " + prefixes.size() + ")");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RouteBlock that
        && stage == that.stage
        && prefixes.equals(that.prefixes)
        && Arrays.equals(groups, that.groups);
  }

  @Override
  public int hashCode() {
    return 31 * prefixes.hashCode() + Arrays.hashCode(groups);
  }
}
