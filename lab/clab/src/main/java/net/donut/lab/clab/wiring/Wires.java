package net.donut.lab.clab.wiring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.donut.lab.clab.model.LinkDefinition;
import net.donut.lab.clab.model.Outside;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.Planner;
import net.donut.lab.net.LabWire;

/// The lines for `ip` and `tc` that make the links of a plan. Owned by the thread that deploys.
final class Wires {
  /*
   * A link is two veth pairs that meet in the wire namespace, where tc sends what arrives at one
   * wire end out of the other:
   *
   *   node A eth1 <-> w7a ==redirect==> w7b <-> eth1 node B
   *
   * The two ends of a veth have different indexes in their namespaces: the kernel puts off carrier
   * events of a veth whose index equals its peer's by up to a second. Wire ends have indexes far
   * above those of interfaces in nodes. The two wire ends of a link are a device group, so that one
   * request to the kernel cuts both, in the order in which they were made. First in the group is one
   * end of a pair that leads nowhere, the canary: its other end loses the carrier when the kernel
   * begins with a cut, before any router hears of it.
   */
  private static final int WIRE_INDEX = 20_000;
  private static final int PORT_INDEX = 40_000;
  private static final int CANARY_INDEX = 60_000;
  private static final int NODE_INDEX = 10;

  /// Of the default routes by the management network: any that a lab sets itself is before it, also
  /// one of IPv6 without a metric, which gets 1024. FRR takes the upper eight bits for the
  /// administrative distance of a route of the kernel's: at 254 those of BGP, at 20 and 200, win.
  private static final String LAST_METRIC = Long.toString(254L << 24);

  private final Plan plan;
  private final Map<String, Integer> nextIndex = new HashMap<>();

  Wires(Plan plan) {
    this.plan = plan;
  }

  private static LabWire wire(Plan.Link link) {
    return new LabWire(link.number());
  }

  /// For `ip` in the wire namespace.
  List<String> pairs() {
    List<String> lines = new ArrayList<>();
    for (Plan.Link link : plan.links()) {
      LabWire wire = wire(link);
      lines.add(canary(wire));
      lines.add("link set dev " + wire.cutCanary() + " group " + wire.group());
      lines.add(pair(link, link.a(), wire.a(), 2 * link.number()));
      lines.add("link set dev " + wire.a() + " group " + wire.group());
      switch (link.definition().type()) {
        case DUMMY -> {}
        case OUTSIDE -> lines.add("link set dev " + wire.b() + " group " + wire.group());
        case VETH, HOST, MANAGEMENT -> {
          lines.add(pair(link, link.b(), wire.b(), 2 * link.number() + 1));
          lines.add("link set dev " + wire.b() + " group " + wire.group());
        }
      }
    }
    for (Plan.Link link : plan.links()) {
      lines.add("link set dev " + wire(link).canary() + " up");
      lines.add(wire(link).up());
    }
    lines.add("link set lo up");
    return lines;
  }

  /// For `ip` on this machine: what leads out of the lab, as second ends in the wire namespace, so
  /// that such a link is cut and impaired like any other.
  List<String> outside() {
    List<String> lines = new ArrayList<>();
    for (Plan.Link link : plan.links()) {
      switch (link.definition().outside()) {
        case null -> {}
        case Outside.Macvlan(String parent, Outside.Mode mode) ->
            lines.add(
                "link add link %s %s type macvlan mode %s"
                    .formatted(parent, outsideEnd(link), mode.word()));
        case Outside.Vxlan vxlan -> lines.add(vxlan(link, vxlan));
      }
    }
    return lines;
  }

  private String vxlan(Plan.Link link, Outside.Vxlan vxlan) {
    int source = vxlan.sourcePort();
    return "link add %s type vxlan id %d remote %s dstport %d%s"
        .formatted(
            outsideEnd(link),
            vxlan.vni(),
            vxlan.remote(),
            vxlan.destinationPort(),
            source == 0 ? "" : " srcport " + source + " " + (source + 1));
  }

  private String outsideEnd(Plan.Link link) {
    return "name %s index %d address %s netns %s"
        .formatted(
            wire(link).b(),
            WIRE_INDEX + 2 * link.number() + 1,
            link.b().mac(),
            plan.wireNamespace());
  }

  private static String canary(LabWire wire) {
    int index = CANARY_INDEX + 2 * wire.number();
    return "link add name %s index %d type veth peer name %s index %d"
        .formatted(wire.cutCanary(), index, wire.canary(), index + 1);
  }

  private String pair(Plan.Link link, Plan.End end, String wireEnd, int number) {
    int mtu = link.definition().mtu();
    return ("link add name %s index %d mtu %d type veth peer name %s%s mtu %d address %s"
            + " netns %s")
        .formatted(
            wireEnd,
            WIRE_INDEX + number,
            mtu,
            end.device(),
            index(end.namespace()),
            mtu,
            end.mac(),
            end.namespace());
  }

  /// Of the next interface in a node. In a network of others the kernel knows which are free; it
  /// begins far below those of wire ends.
  private String index(String namespace) {
    return plan.isExternal(namespace)
        ? ""
        : " index " + (NODE_INDEX + nextIndex.merge(namespace, 1, Integer::sum));
  }

  /// For `tc` in the wire namespace.
  List<String> redirects() {
    List<String> lines = new ArrayList<>();
    for (Plan.Link link : plan.links()) {
      if (link.definition().type() != LinkDefinition.Type.DUMMY) {
        lines.addAll(wire(link).join());
      }
    }
    return lines;
  }

  /// For `ip` in the host namespace: bridges, the management network and its ports. The links must
  /// exist.
  List<String> host() {
    Plan.ManagementNetwork management = plan.management();
    List<String> lines = new ArrayList<>(List.of("link set lo up"));
    lines.add(
        "link add name %s mtu %d type bridge group_fwd_mask 16384"
            .formatted(management.bridge(), management.mtu()));
    lines.add(
        "address add %s/%d dev %s"
            .formatted(
                management.ipv4().gateway(),
                management.ipv4().prefix().length(),
                management.bridge()));
    Plan.ManagementNetwork.Subnet ipv6 = management.ipv6();
    if (ipv6 != null) {
      lines.add(
          "address add %s/%d dev %s nodad"
              .formatted(ipv6.gateway(), ipv6.prefix().length(), management.bridge()));
    }
    lines.add("link set " + management.bridge() + " up");
    for (Plan.Bridge bridge : plan.bridges()) {
      lines.add("link add name " + bridge.name() + " type bridge");
      lines.add("link set " + bridge.name() + " up");
    }
    int number = 0;
    for (Plan.Node node : plan.nodes()) {
      if (node.ipv4() != null) {
        lines.add(managementPort(node, number++));
      }
    }
    for (int i = 0; i < number; i++) {
      lines.add("link set " + managementPort(i) + " master " + management.bridge() + " up");
    }
    for (Plan.Link link : plan.links()) {
      link.ends().stream()
          .filter(end -> end.namespace().equals(plan.hostNamespace()))
          .forEach(end -> {
            if (!end.bridge().isEmpty()) {
              boolean mgmt = end.bridge().equals(Planner.MANAGEMENT_BRIDGE);
              String master = mgmt ? management.bridge() : end.bridge();
              lines.add("link set dev " + end.device() + " master " + master);
            }
            lines.add("link set dev " + end.device() + " up");
          });
    }
    return lines;
  }

  /// The interface of the host namespace where the management of a node ends, counted over nodes
  /// that have one.
  static String managementPort(int number) {
    return "m" + number;
  }

  private String managementPort(Plan.Node node, int number) {
    byte[] address = node.ipv4() == null ? new byte[4] : node.ipv4().bytes();
    String mac =
        "02:42:%02x:%02x:%02x:%02x".formatted(address[0], address[1], address[2], address[3]);
    return ("link add name %s index %d mtu %d type veth peer name eth0 index 2 mtu %d address %s"
            + " netns %s")
        .formatted(
            managementPort(number),
            PORT_INDEX + number,
            plan.management().mtu(),
            plan.management().mtu(),
            mac,
            node.namespace());
  }

  /// For `ip` in a node's namespace.
  List<String> node(Plan.Node node) {
    List<String> lines = new ArrayList<>(List.of("link set lo up"));
    if (node.ipv4() != null) {
      Plan.ManagementNetwork.Subnet ipv4 = plan.management().ipv4();
      Plan.ManagementNetwork.Subnet ipv6 = plan.management().ipv6();
      lines.add("address add %s/%d dev eth0".formatted(node.ipv4(), ipv4.prefix().length()));
      if (ipv6 != null) {
        lines.add(
            "address add %s/%d dev eth0 nodad".formatted(node.ipv6(), ipv6.prefix().length()));
      }
      lines.add("link set eth0 up");
      lines.add("route add default via %s metric %s".formatted(ipv4.gateway(), LAST_METRIC));
      if (ipv6 != null) {
        lines.add("route add ::/0 via %s metric %s".formatted(ipv6.gateway(), LAST_METRIC));
      }
    }
    for (String device : devices(node)) {
      lines.add("link set dev " + device + " up");
    }
    return lines;
  }

  /// The interfaces of a node that are ends of links.
  List<String> devices(Plan.Node node) {
    List<String> devices = new ArrayList<>();
    for (Plan.Link link : plan.links()) {
      link.ends().stream()
          .filter(end -> end.node().equals(node.name()))
          .forEach(end -> devices.add(end.device()));
    }
    return devices;
  }
}
