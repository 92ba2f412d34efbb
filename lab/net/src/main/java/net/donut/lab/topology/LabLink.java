package net.donut.lab.topology;

import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.Relation;

/// A link between two nodes, with an address of each family at both ends.
public record LabLink(
    String name, Kind kind, End a, End b, int ipv4Length, int ipv6Length, String price) {

  /// One end: the interface `device` of `node`.
  public record End(String node, String device, IpAddress ipv4, IpAddress ipv6) {
    public IpAddress address(Family family) {
      return family == Family.IPV4 ? ipv4 : ipv6;
    }
  }

  /// What runs over a link.
  public sealed interface Kind {
    /// Between two routers of ours.
    record Internal(int cost) implements Kind {}

    /// BGP sessions of both families; `relation` is what `b` is to `a`.
    record Peering(Relation relation) implements Kind {}

    /// A host behind a network.
    record Access() implements Kind {}
  }

  public Prefix subnet(Family family) {
    return Prefix.masked(a.address(family), family == Family.IPV4 ? ipv4Length : ipv6Length);
  }

  public boolean touches(String node) {
    return a.node().equals(node) || b.node().equals(node);
  }

  /// The end at `node`. Throws IllegalArgumentException when the link does not touch it.
  public End end(String node) {
    if (a.node().equals(node)) {
      return a;
    }
    return peer(node).node().equals(a.node()) ? b : a;
  }

  /// The end that is not at `node`.
  public End peer(String node) {
    if (a.node().equals(node)) {
      return b;
    }
    if (b.node().equals(node)) {
      return a;
    }
    throw new IllegalArgumentException(
        "node of link " + name + ": " + node + " (expected: " + a.node() + " or " + b.node() + ")");
  }

  /// What the other end is to `node`, for a peering link.
  public Relation relationSeenFrom(String node) {
    if (!(kind instanceof Kind.Peering(var relation))) {
      throw new IllegalStateException("link " + name + ": " + kind + " (expected: a peering)");
    }
    return end(node).equals(a) ? relation : inverse(relation);
  }

  private static Relation inverse(Relation relation) {
    return switch (relation) {
      case CUSTOMER -> Relation.TRANSIT;
      case TRANSIT -> Relation.CUSTOMER;
      case OWN, PRIVATE_PEER, PUBLIC_PEER, ROUTE_SERVER -> relation;
    };
  }
}
