package net.donut.lab.bench;

import java.util.List;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabMachine;
import net.donut.lab.net.Namespace;
import net.donut.model.IpAddress;
import net.donut.model.Prefixes;
import net.donut.netlink.BareRouteLoad;
import net.donut.netlink.KernelGroup;
import net.donut.netlink.KernelNextHop;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.Request;
import net.donut.netlink.RouteBatch;
import net.donut.netlink.RoutePlace;
import net.donut.netlink.Sysctl;
import net.donut.netlink.WriteMode;

/// Routes into the kernel of a namespace of its own, by group id: as the agent writes them, and
/// from messages made beforehand, in turn.
final class NetlinkLoad {
  private static final int ROUNDS = 5;
  private static final int PROTOCOL = 64;
  private static final int GROUP = 100;
  private static final int MESSAGES_PER_SEND = 64;

  private final Prefixes prefixes;
  private final Namespace namespace;

  NetlinkLoad(Prefixes prefixes) {
    this.prefixes = prefixes;
    namespace = namespaceOf(ProcessHandle.current().pid());
  }

  /// The namespace in which a process measures; whoever ends the process deletes it.
  static Namespace namespaceOf(long pid) {
    return new Namespace("donut-benchnl-" + pid);
  }

  List<Measurement> measure() {
    LabMachine.require();
    Command.run("ip", "netns", "add", namespace.name());
    try {
      namespace.ip(
          List.of(
              "link set lo up",
              "link add name a index 101 type veth peer name b index 201",
              "address add 10.9.1.1/24 dev a",
              "link set dev a up",
              "link set dev b up"));
      try (NetworkNamespace inside = NetworkNamespace.open(namespace.name())) {
        return inside.call(this::load);
      }
    } finally {
      namespace.delete();
    }
  }

  private List<Measurement> load() {
    Sysctl.ensure(Sysctl.NEXTHOP_COMPAT_MODE, "0");
    try (NetlinkSocket socket = NetlinkSocket.open()) {
      group(socket);
      RoutePlace place = RoutePlace.main(PROTOCOL);
      RouteBatch batch = socket.routeBatch(place, WriteMode.CREATE);
      BareRouteLoad bare = BareRouteLoad.encode(socket, place, prefixes, GROUP, MESSAGES_PER_SEND);
      double[] batchMillis = new double[ROUNDS];
      double[] bareMillis = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        bareMillis[round] = Rounds.millis(bare::run);
        delete(batch);
        batchMillis[round] =
            Rounds.millis(() -> {
              batch.putAll(prefixes, GROUP);
              batch.finish().orThrow();
            });
        delete(batch);
      }
      return figures(Rounds.median(batchMillis), Rounds.median(bareMillis));
    }
  }

  private static void group(NetlinkSocket socket) {
    for (int id = 1; id <= 2; id++) {
      KernelNextHop hop =
          new KernelNextHop.Gateway(
              id, 101, IpAddress.parse("10.9.1." + (1 + id)), KernelNextHop.Reach.SUBNET, PROTOCOL);
      socket.execute(new Request.PutNextHop(hop, WriteMode.CREATE)).orThrow();
    }
    socket
        .execute(
            new Request.PutNextHop(KernelGroup.protecting(GROUP, PROTOCOL, 1, 2), WriteMode.CREATE))
        .orThrow();
  }

  private List<Measurement> figures(double batchMillis, double bareMillis) {
    double routes = prefixes.size() * 1e3;
    return List.of(
        new Measurement("netlink_routes_per_s", "netlink: routes a second", routes / batchMillis),
        new Measurement(
            "netlink_bare_routes_per_s",
            "netlink: routes a second, bare system calls",
            routes / bareMillis),
        new Measurement("netlink_ratio", "netlink: of the bare rate", bareMillis / batchMillis));
  }

  /// In no order: an ascending run makes the kernel resize its trie over and over.
  private void delete(RouteBatch batch) {
    int count = prefixes.size();
    long step = 7_368_787;
    for (long k = 0; k < count; k++) {
      int i = (int) (k * step % count);
      batch.delete(prefixes.family(), prefixes.high(i), prefixes.low(i), prefixes.length(i));
    }
    batch.finish().orThrow();
  }
}
