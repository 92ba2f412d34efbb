package net.donut.lab.topology;

import java.util.List;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;

/// A node of a lab: one network namespace. Names are letters, digits and hyphens.
public sealed interface LabNode {
  String name();

  /// One of our routers: an agent runs here. `management` is its address on the management network.
  record Edge(String name, String routerId, IpAddress management) implements LabNode {}

  /// Where our controller runs.
  record Controller(String name, IpAddress management) implements LabNode {}

  /// A network of somebody else, run by one router. `own` are the prefixes it originates,
  /// `addresses` those the router itself answers on; `feed` numbers the link on which it hears its
  /// table, 0 for a network without one.
  record Network(
      String name,
      long asn,
      String routerId,
      Software software,
      Tier tier,
      List<Prefix> own,
      List<IpAddress> addresses,
      int feed)
      implements LabNode {
    public Network {
      own = List.copyOf(own);
      addresses = List.copyOf(addresses);
    }
  }

  /// A machine without routing: its default route leads over its one link.
  record Host(String name) implements LabNode {}

  /// Where a network stands in the hierarchy of the story.
  enum Tier {
    /// Sells transit to everybody, buys none.
    TIER1,
    /// Buys transit, has customers, peers.
    TIER2,
    /// Buys transit and sells none.
    STUB
  }
}
