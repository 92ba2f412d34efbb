package net.donut.agent.fib;

import org.jspecify.annotations.Nullable;

/// The bookkeeping of a route table that a forwarding plane without kernel does.
public final class MemoryRoutes {
  private MemoryRoutes() {}

  public static int put(
      RouteTable table, long high, long low, int length, Group group, @Nullable Group before) {
    int slot = table.findOrAdd(high, low, length);
    move(table, slot, group, before);
    return slot;
  }

  public static void remove(RouteTable table, int slot, @Nullable Group before) {
    move(table, slot, null, before);
    table.releaseIfEmpty(slot);
  }

  private static void move(
      RouteTable table, int slot, @Nullable Group group, @Nullable Group before) {
    if (before != null) {
      before.countRoutes(table, -1);
    }
    if (group != null) {
      group.countRoutes(table, 1);
    }
    table.setIntent(
        slot,
        group == null ? 0 : group.handle(),
        group == null ? 0 : group.id(),
        before == null ? 0 : before.id());
  }
}
