package net.donut.lab.topology;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;

/// A lab as a value: what there is before anything exists. `networks` are our own prefixes.
public record Topology(
    long asn, List<Prefix> networks, List<LabNode> nodes, List<LabLink> links, List<Flow> flows) {

  /// A stream that the lab measures, both ways.
  public record Flow(String name, FlowEnd from, FlowEnd to) {}

  /// An end of a flow: a node and the address it answers on.
  public record FlowEnd(String node, IpAddress address) {}

  public Topology {
    networks = List.copyOf(networks);
    nodes = List.copyOf(nodes);
    links = List.copyOf(links);
    flows = List.copyOf(flows);
    Set<String> names = new HashSet<>();
    for (LabNode node : nodes) {
      if (!node.name().matches("[a-z][a-z0-9-]{0,14}") || !names.add(node.name())) {
        throw new IllegalArgumentException(
            "node: '" + node.name() + "' (expected: unique, a-z 0-9 -, at most 15 characters)");
      }
    }
    for (LabLink link : links) {
      if (!names.contains(link.a().node()) || !names.contains(link.b().node())) {
        throw new IllegalArgumentException(
            "link " + link.name() + ": ends at a node that does not exist (nodes: " + names + ")");
      }
    }
  }

  public Stream<LabNode.Edge> edges() {
    return nodes.stream().filter(LabNode.Edge.class::isInstance).map(LabNode.Edge.class::cast);
  }

  public Stream<LabNode.Network> networkNodes() {
    return nodes.stream()
        .filter(LabNode.Network.class::isInstance)
        .map(LabNode.Network.class::cast);
  }

  public Stream<LabLink> linksOf(String node) {
    return links.stream().filter(link -> link.touches(node));
  }

  /// The peering links of our routers: one for each neighbor of ours.
  public Stream<LabLink> ourPeerings() {
    return links.stream()
        .filter(link -> link.kind() instanceof LabLink.Kind.Peering)
        .filter(link -> node(link.a().node()) instanceof LabNode.Edge);
  }

  /// Whether a network is a neighbor of ours.
  public boolean isOurNeighbor(String network) {
    return ourPeerings().anyMatch(link -> link.b().node().equals(network));
  }

  /// The node of a name. Throws IllegalArgumentException naming those there are.
  public LabNode node(String name) {
    return nodes.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "node: '"
                    + name
                    + "' (expected one of: "
                    + String.join(", ", nodes.stream().map(LabNode::name).toList())
                    + ")"));
  }

  /// The network of somebody else of a name. Throws IllegalArgumentException naming those there
  /// are.
  public LabNode.Network network(String name) {
    return networkNodes()
        .filter(network -> network.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "network: '"
                    + name
                    + "' (expected one of: "
                    + String.join(", ", networkNodes().map(LabNode.Network::name).toList())
                    + ")"));
  }

  /// The link of a name. Throws IllegalArgumentException naming those there are.
  public LabLink link(String name) {
    return links.stream()
        .filter(link -> link.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "link: '"
                    + name
                    + "' (expected one of: "
                    + String.join(", ", links.stream().map(LabLink::name).toList())
                    + ")"));
  }

  /// The AS number a node belongs to; ours for our own and 0 for a host of nobody.
  public long asnOf(String name) {
    return switch (node(name)) {
      case LabNode.Edge _, LabNode.Controller _ -> asn;
      case LabNode.Network network -> network.asn();
      case LabNode.Host host ->
          linksOf(host.name())
              .findFirst()
              .map(link -> asnOf(link.peer(host.name()).node()))
              .orElse(0L);
    };
  }

  /// Every prefix that somebody in the lab originates, ours included: those that carry traffic.
  public List<Prefix> liveNetworks(Family family) {
    return Stream.concat(
            networks.stream(), networkNodes().flatMap(network -> network.own().stream()))
        .filter(prefix -> prefix.family() == family)
        .sorted()
        .toList();
  }
}
