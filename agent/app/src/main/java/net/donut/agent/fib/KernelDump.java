package net.donut.agent.fib;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.table.PrefixTable;
import net.donut.netlink.KernelRoute;
import net.donut.netlink.KernelRouteView;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.RouteFilter;
import net.donut.netlink.RouteVisitor;

/// The routes of one kernel table and family as a dump gave them. Owned by the dumping thread.
final class KernelDump implements RouteVisitor {
  private final FibOptions options;
  private final Family family;
  private final Predicate<Prefix> wantForeign;
  private final List<KernelRoute> foreignWanted = new ArrayList<>();
  private PrefixTable ours;
  private PrefixTable foreignAtMetric;
  private int[] groups = new int[1024];
  private byte[] protocols = new byte[64];
  private long foreign;

  /// @param wantForeign which prefixes of others to keep
  KernelDump(FibOptions options, Family family, Predicate<Prefix> wantForeign) {
    this.options = options;
    this.family = family;
    this.wantForeign = wantForeign;
    this.ours = new PrefixTable(family);
    this.foreignAtMetric = new PrefixTable(family);
  }

  KernelDump read(NetlinkSocket socket, int table) {
    socket.view().routes(new RouteFilter(family, table, 0), this);
    return this;
  }

  @Override
  public void route(KernelRouteView route) {
    boolean place = route.metric() == options.metric();
    if (place && route.protocol() == options.protocol() && route.nextHopId() != 0) {
      int slot = ours.findOrAdd(route.high(), route.low(), route.length());
      if (slot >= groups.length) {
        groups = Arrays.copyOf(groups, slot * 2);
      }
      groups[slot] = route.nextHopId();
      return;
    }
    foreign++;
    if (place) {
      int slot = foreignAtMetric.findOrAdd(route.high(), route.low(), route.length());
      if (slot >= protocols.length) {
        protocols = Arrays.copyOf(protocols, slot * 2);
      }
      protocols[slot] = (byte) route.protocol();
    }
    if (wantForeign.test(route.prefix())) {
      foreignWanted.add(route.toRoute());
    }
  }

  @Override
  public void restart() {
    ours = new PrefixTable(family);
    foreignAtMetric = new PrefixTable(family);
    foreignWanted.clear();
    foreign = 0;
  }

  /// Our routes.
  PrefixTable ours() {
    return ours;
  }

  /// The kernel group of one of our routes.
  int group(int slot) {
    return groups[slot];
  }

  /// The kernel group of our route of a prefix, 0 when there is none.
  int group(long high, long low, int length) {
    int slot = ours.find(high, low, length);
    return slot == PrefixTable.NONE ? 0 : groups[slot];
  }

  /// The protocol of somebody else's route in our place, or -1.
  int foreignProtocol(long high, long low, int length) {
    int slot = foreignAtMetric.find(high, low, length);
    return slot == PrefixTable.NONE ? -1 : protocols[slot] & 0xff;
  }

  long foreign() {
    return foreign;
  }

  List<KernelRoute> foreignWanted() {
    return foreignWanted;
  }
}
