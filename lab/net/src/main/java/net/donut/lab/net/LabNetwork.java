package net.donut.lab.net;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Topology;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// The namespaces and links of a topology, existing in the kernel until [#close].
///
/// Owned by the thread that runs the lab.
public final class LabNetwork implements LiveNetwork, AutoCloseable {
  /*
   * Every link is two veth pairs that meet in the wire namespace, where tc sends what arrives on
   * one wire end out of the other:
   *
   *   node A dev <-> w7a ==redirect==> w7b <-> dev node B
   *
   * A cut sets both wire ends down in one request to the kernel (they are one device group), so
   * nothing can come between: both nodes see their carrier go, as with a fibre, and keep their
   * interface and its addresses. A third pair, the canary, lies wholly in the wire namespace and is
   * cut with them, first: when its other end hears of that, the kernel has begun to handle the cut,
   * and no routing work is in that time. The kernel takes the ends in the order they were made, and
   * since all routers of a lab share one kernel and its lock, the second end hears of the cut only
   * when the first router's kernel work is done, a few milliseconds later: `a` is first, but for a
   * link between routers of ours `b`. The two ends of a veth get different indexes: the kernel
   * defers carrier events of a veth whose index equals its peer's by up to a second.
   */
  private static final String WIRE = "wire";
  private static final int WIRE_INDEX = 1000;
  private static final int NODE_INDEX = 5000;
  private static final int CANARY_INDEX = 7000;

  private static final List<String> NODE_SYSCTLS =
      List.of(
          "ipv4/ip_forward=1",
          "ipv6/conf/all/forwarding=1",
          "ipv6/conf/default/forwarding=1",
          "ipv4/conf/all/rp_filter=0",
          "ipv4/conf/default/rp_filter=0",
          "ipv4/conf/all/ignore_routes_with_linkdown=1",
          "ipv4/conf/default/ignore_routes_with_linkdown=1",
          "ipv6/conf/all/ignore_routes_with_linkdown=1",
          "ipv6/conf/default/ignore_routes_with_linkdown=1",
          "ipv6/conf/all/accept_dad=0",
          "ipv6/conf/default/accept_dad=0",
          "ipv6/conf/default/dad_transmits=0",
          "ipv6/conf/default/router_solicitations=0",
          // When carrier returns, the kernel answers for an IPv6 address only after a random part
          // of
          // this delay: up to a second of lost packets that no router could prevent.
          "ipv6/conf/all/router_solicitation_delay=0",
          "ipv6/conf/default/router_solicitation_delay=0",
          "ipv4/icmp_ratelimit=0",
          "ipv6/icmp/ratelimit=0");

  private final Topology topology;
  private final LabState state;
  private final Map<String, Namespace> namespaces = new LinkedHashMap<>();

  private LabNetwork(Topology topology, LabState state) {
    this.topology = topology;
    this.state = state;
    for (LabNode node : topology.nodes()) {
      namespaces.put(node.name(), new Namespace(nameOf(state.lab(), node.name())));
    }
    namespaces.put(WIRE, new Namespace(nameOf(state.lab(), WIRE)));
  }

  /// The namespace a node of a lab lives in.
  public static String nameOf(String lab, String node) {
    return "donut-" + lab + "-" + node;
  }

  /// Makes everything; on a failure what was made is removed before the exception leaves.
  public static LabNetwork create(Topology topology, LabState state) {
    LabMachine.require();
    LabNetwork network = new LabNetwork(topology, state);
    try {
      network.make();
      return network;
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /// The network of a lab that another process holds up.
  public static LabNetwork attach(Topology topology, LabState state) {
    return new LabNetwork(topology, state);
  }

  private void make() {
    state.willMake(namespaces.values().stream().map(Namespace::name).toList());
    StringBuilder lines = new StringBuilder();
    namespaces.values().forEach(ns -> lines.append("netns add ").append(ns.name()).append('\n'));
    Command.run(List.of("ip", "-batch", "-"), lines.toString());
    namespaces.values().forEach(ns -> ns.sysctl(NODE_SYSCTLS));
    makeWires();
    makeManagement();
    makeFeeds();
    namespaces.forEach(this::bringUp);
  }

  private void makeWires() {
    List<String> ip = new ArrayList<>();
    List<String> tc = new ArrayList<>();
    for (LabLink link : topology.links()) {
      LabWire wire = wire(link);
      int number = wire.number();
      ip.add(
          "link add name %s index %d type veth peer name %s index %d"
              .formatted(
                  wire.cutCanary(),
                  CANARY_INDEX + number,
                  wire.canary(),
                  CANARY_INDEX + 500 + number));
      List<String> pairs =
          List.of(
              pair(wire.a(), 2 * number, link.a().device(), namespace(link.a().node())),
              pair(wire.b(), 2 * number + 1, link.b().device(), namespace(link.b().node())));
      ip.addAll(link.kind() instanceof LabLink.Kind.Internal ? pairs.reversed() : pairs);
      for (String end : List.of(wire.cutCanary(), wire.a(), wire.b())) {
        ip.add("link set dev " + end + " group " + wire.group());
      }
      tc.addAll(wire.join());
    }
    // No address of any family on a wire end: nothing of the wire namespace may speak on a link.
    namespace(WIRE).sysctl(List.of("ipv6/conf/default/disable_ipv6=1", "ipv4/ip_forward=0"));
    namespace(WIRE).ip(ip);
    namespace(WIRE).tc(tc);
  }

  private static String pair(String wireEnd, int number, String device, Namespace node) {
    return "link add name %s index %d type veth peer name %s index %d netns %s"
        .formatted(wireEnd, WIRE_INDEX + number, device, NODE_INDEX + number, node.name());
  }

  LabWire wire(LabLink link) {
    return new LabWire(topology.links().indexOf(link));
  }

  private void makeManagement() {
    List<String> ip = new ArrayList<>();
    ip.add("link add name mgmt type bridge");
    List<LabNode> managed = managed();
    for (int i = 0; i < managed.size(); i++) {
      String port = managementPort(i);
      ip.add(pair(port, 2000 + i, "mgmt0", namespace(managed.get(i).name())));
      ip.add("link set " + port + " master mgmt");
    }
    namespace(WIRE).ip(ip);
  }

  private List<LabNode> managed() {
    return topology.nodes().stream().filter(node -> management(node) != null).toList();
  }

  private static String managementPort(int number) {
    return "m" + number;
  }

  /// The interface of the wire namespace where the management of a node ends.
  Optional<String> managementPort(LabNode node) {
    int number = managed().indexOf(node);
    return number < 0 ? Optional.empty() : Optional.of(managementPort(number));
  }

  private static @Nullable IpAddress management(LabNode node) {
    return switch (node) {
      case LabNode.Edge edge -> edge.management();
      case LabNode.Controller controller -> controller.management();
      case LabNode.Network _, LabNode.Host _ -> null;
    };
  }

  /// A direct pair from every fed network to the wire namespace, where the feeders speak.
  private void makeFeeds() {
    namespace(WIRE).sysctl(List.of("ipv6/conf/default/disable_ipv6=0"));
    List<String> ip = new ArrayList<>();
    topology
        .networkNodes()
        .filter(network -> network.feed() > 0)
        .forEach(network -> {
          String device = "f" + network.feed();
          ip.add(pair(device, 3000 + network.feed(), Feeds.DEVICE, namespace(network.name())));
          for (Family family : Family.values()) {
            ip.add(address(Feeds.feeder(network, family), Feeds.length(family), device));
          }
        });
    if (!ip.isEmpty()) {
      namespace(WIRE).ip(ip);
    }
  }

  private void bringUp(String name, Namespace namespace) {
    List<String> ip = new ArrayList<>(List.of("link set lo up"));
    if (name.equals(WIRE)) {
      for (LabLink link : topology.links()) {
        ip.add("link set " + wire(link).canary() + " up");
        ip.add(wire(link).up());
      }
      ip.add("link set mgmt up");
      for (int i = 0; i < managed().size(); i++) {
        ip.add("link set " + managementPort(i) + " up");
      }
      topology
          .networkNodes()
          .filter(network -> network.feed() > 0)
          .forEach(network -> ip.add("link set f" + network.feed() + " up"));
    } else {
      bringUp(topology.node(name), ip);
    }
    namespace.ip(ip);
  }

  private void bringUp(LabNode node, List<String> ip) {
    topology.linksOf(node.name()).forEach(link -> ip.addAll(bringUp(link, link.end(node.name()))));
    IpAddress management = management(node);
    if (management != null) {
      ip.add(address(management, 24, "mgmt0"));
      ip.add("link set mgmt0 up");
    }
    switch (node) {
      case LabNode.Network network -> {
        for (IpAddress address : network.addresses()) {
          ip.add(address(address, address.family().bits(), "lo"));
        }
        if (network.feed() > 0) {
          for (Family family : Family.values()) {
            ip.add(address(Feeds.fed(network, family), Feeds.length(family), Feeds.DEVICE));
          }
          ip.add("link set " + Feeds.DEVICE + " up");
        }
      }
      case LabNode.Edge _, LabNode.Controller _, LabNode.Host _ -> {}
    }
  }

  /// The lines that bring up one end of a link with the addresses and routes that it has in a lab,
  /// whatever of them is there already.
  List<String> bringUp(LabLink link, LabLink.End end) {
    List<String> ip = new ArrayList<>();
    ip.add(address(end.ipv4(), link.ipv4Length(), end.device()));
    ip.add(address(end.ipv6(), link.ipv6Length(), end.device()));
    ip.add("link set " + end.device() + " up");
    if (topology.node(end.node()) instanceof LabNode.Host) {
      LabLink.End gateway = link.peer(end.node());
      ip.add("route replace default via " + gateway.ipv4());
      ip.add("route replace ::/0 via " + gateway.ipv6());
    }
    return ip;
  }

  private static String address(IpAddress address, int length, String device) {
    return "address replace %s/%d dev %s%s"
        .formatted(address, length, device, address.family() == Family.IPV6 ? " nodad" : "");
  }

  @Override
  public Topology topology() {
    return topology;
  }

  @Override
  public Namespace namespace(String node) {
    Namespace namespace = namespaces.get(node);
    return namespace == null ? namespaceOfMissing(node) : namespace;
  }

  private Namespace namespaceOfMissing(String node) {
    throw new IllegalArgumentException(
        "node: '" + node + "' (expected: " + namespaces.keySet() + ")");
  }

  /// Feeders speak there too.
  @Override
  public Namespace wire() {
    return namespace(WIRE);
  }

  @Override
  public Cuts cuts() {
    return new Cuts(cuttable(), state.faults());
  }

  /// This network as cuts see it.
  public Cuttable cuttable() {
    return new CuttableNetwork(this, state);
  }

  @Override
  public String canary(LabLink link) {
    return wire(link).canary();
  }

  /// Deletes the namespaces and with them every link.
  @Override
  public void close() {
    Pause.undisturbed(() -> namespaces.values().forEach(Namespace::delete));
  }
}
