package net.donut.lab.bench;

import java.util.ArrayList;
import java.util.List;
import net.donut.lab.net.Cut;
import net.donut.lab.net.LabNetwork;
import net.donut.lab.net.LabState;
import net.donut.lab.net.Namespace;
import net.donut.lab.probe.Probes;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Software;
import net.donut.lab.topology.Topology;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Relation;

/// The namespaces of a failover bench: a client, the router under test, and a neighbor a feed, over
/// links that can be cut. The feeds hear their tables in the wire namespace.
///
/// ```
/// client -- rut -- feed1
///            | \-- feed2
/// ```
///
/// Owned by the thread that runs the bench.
final class FailoverNetwork implements FeedNetwork, AutoCloseable {
  private static final String ROUTER = "rut";
  private static final String CLIENT = "client";

  private final LabNetwork network;
  private final List<FeedLink> feeds;

  FailoverNetwork(LabState state, List<FeedLink> feeds) {
    this.feeds = feeds;
    network = LabNetwork.create(topology(feeds), state);
  }

  private static Topology topology(List<FeedLink> feeds) {
    List<LabNode> nodes = new ArrayList<>();
    List<LabLink> links = new ArrayList<>();
    nodes.add(new LabNode.Edge(ROUTER, "10.251.0.254", IpAddress.parse("10.255.0.11")));
    nodes.add(new LabNode.Host(CLIENT));
    for (FeedLink feed : feeds) {
      nodes.add(
          new LabNode.Network(
              feed.name(),
              feed.asn(),
              feed.neighbor(Family.IPV4).toString(),
              Software.BIRD,
              LabNode.Tier.TIER1,
              List.of(),
              List.of(),
              feed.number()));
      links.add(link(feed));
    }
    links.add(
        new LabLink(
            CLIENT,
            new LabLink.Kind.Access(),
            new LabLink.End(ROUTER, CLIENT, gateway(Family.IPV4), gateway(Family.IPV6)),
            new LabLink.End(CLIENT, ROUTER, client(Family.IPV4), client(Family.IPV6)),
            FeedLink.length(Family.IPV4),
            FeedLink.length(Family.IPV6),
            ""));
    return new Topology(FeedLink.ROUTER_AS, List.of(), nodes, links, List.of());
  }

  private static LabLink link(FeedLink feed) {
    return new LabLink(
        feed.name(),
        new LabLink.Kind.Peering(Relation.TRANSIT),
        new LabLink.End(
            ROUTER, feed.routerDevice(), feed.router(Family.IPV4), feed.router(Family.IPV6)),
        new LabLink.End(
            feed.name(), ROUTER, feed.neighbor(Family.IPV4), feed.neighbor(Family.IPV6)),
        FeedLink.length(Family.IPV4),
        FeedLink.length(Family.IPV6),
        "");
  }

  private static IpAddress gateway(Family family) {
    return IpAddress.parse(family == Family.IPV4 ? "10.252.0.1" : "fd00:252::1");
  }

  private static IpAddress client(Family family) {
    return IpAddress.parse(family == Family.IPV4 ? "10.252.0.2" : "fd00:252::2");
  }

  @Override
  public Namespace source() {
    return network.wire();
  }

  @Override
  public Namespace of(FeedLink feed) {
    return network.namespace(feed.name());
  }

  Namespace router() {
    return network.namespace(ROUTER);
  }

  /// Gives every feed an address of a destination, so that it takes what comes for it.
  void addDestination(IpAddress address) {
    for (FeedLink feed : feeds) {
      of(feed)
          .ip(
              List.of(
                  "address add %s/%d dev lo%s"
                      .formatted(
                          address,
                          address.family().bits(),
                          address.family() == Family.IPV6 ? " nodad" : "")));
    }
  }

  /// Packets from the client to a destination, by whichever feed.
  Probes.Stream stream(IpAddress destination) {
    return new Probes.Stream(
        destination.toString(),
        new Probes.Site(CLIENT, network.namespace(CLIENT)),
        client(destination.family()),
        destination,
        feeds.stream().map(feed -> new Probes.Site(feed.name(), of(feed))).toList());
  }

  /// Takes the carrier of the link to a feed, at both ends.
  void cut(FeedLink feed) {
    network.cuts().cut(feed.name(), Cut.Plain.FIBRE);
  }

  /// Loses every packet on the link to a feed.
  void silence(FeedLink feed) {
    network.cuts().cut(feed.name(), Cut.Plain.SILENT);
  }

  void restore(FeedLink feed) {
    network.cuts().restore(feed.name());
  }

  @Override
  public void close() {
    network.close();
  }
}
