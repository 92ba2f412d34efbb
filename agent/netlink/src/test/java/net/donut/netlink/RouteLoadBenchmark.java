package net.donut.netlink;

import java.util.List;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefixes;

/// Loads 1,000,000 IPv4 routes by next-hop id into a namespace, replaces their group, dumps and
/// deletes them, five times, and prints what each took. Run as a main program, as root.
final class RouteLoadBenchmark {
  private static final int ROUTES = 1_000_000;

  private RouteLoadBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    TestNetwork network = new TestNetwork();
    network.up();
    try {
      network.inside(socket -> measure(socket, rounds));
    } finally {
      network.down();
    }
  }

  private static void measure(NetlinkSocket socket, int rounds) {
    System.out.println(Sysctl.ensure(Sysctl.NEXTHOP_COMPAT_MODE, "0"));
    System.out.println(Sysctl.ensure(Sysctl.FIB_SYNC_MEM, "67108864"));
    for (int pair = 1; pair <= 2; pair++) {
      IpAddress gateway = IpAddress.parse("10.9." + pair + ".2");
      KernelNextHop hop =
          new KernelNextHop.Gateway(
              pair, 100 + pair, gateway, KernelNextHop.Reach.SUBNET, TestNetwork.PROTOCOL);
      socket.execute(new Request.PutNextHop(hop, WriteMode.CREATE)).orThrow();
    }
    put(socket, KernelGroup.protecting(100, TestNetwork.PROTOCOL, 1, 2));
    Prefixes prefixes = prefixes();
    RoutePlace place = RoutePlace.main(TestNetwork.PROTOCOL);
    RouteBatch batch = socket.routeBatch(place, WriteMode.CREATE);
    for (int round = 0; round < rounds; round++) {
      time("load", ROUTES, () -> load(batch, prefixes));
      time("replace group", 1, () -> put(socket, KernelGroup.protecting(100, 64, 2, 1)));
      time("dump", ROUTES, () -> dump(socket, place));
      time("delete", ROUTES, () -> delete(batch, prefixes));
    }
  }

  private static void put(NetlinkSocket socket, KernelGroup group) {
    socket
        .executeAll(List.of(new Request.PutNextHop(group, WriteMode.CREATE_OR_REPLACE)))
        .orThrow();
  }

  private static Prefixes prefixes() {
    Prefixes.Builder builder = new Prefixes.Builder(Family.IPV4, ROUTES);
    for (int i = 0; i < ROUTES; i++) {
      builder.add((0x1400_0000L + ((long) i << 8)) << 32, 0, 24);
    }
    return builder.build();
  }

  private static void load(RouteBatch batch, Prefixes prefixes) {
    batch.putAll(prefixes, 100);
    batch.finish().orThrow();
  }

  /// Deletes in no order, as withdrawals come: an ascending run through one dense block of prefixes
  /// makes the kernel resize its trie over and over (24 s).
  private static void delete(RouteBatch batch, Prefixes prefixes) {
    for (int k = 0; k < ROUTES; k++) {
      int i = (int) (k * 7_368_787L % ROUTES);
      batch.delete(prefixes.family(), prefixes.high(i), prefixes.low(i), prefixes.length(i));
    }
    batch.finish().orThrow();
  }

  private static void dump(NetlinkSocket socket, RoutePlace place) {
    int[] count = new int[1];
    socket
        .view()
        .routes(
            RouteFilter.of(Family.IPV4, place),
            new RouteVisitor() {
              @Override
              public void route(RouteView route) {
                count[0]++;
              }

              @Override
              public void restart() {
                count[0] = 0;
              }
            });
    if (count[0] != ROUTES) {
      throw new IllegalStateException("dumped: " + count[0] + " (expected: " + ROUTES + ")");
    }
  }

  private static void time(String what, int items, Runnable work) {
    long start = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("%-14s %8.3f s %,12.0f /s%n", what, seconds, items / seconds);
  }
}
