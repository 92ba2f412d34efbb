package net.donut.lab.bench;

import java.util.ArrayList;
import java.util.List;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Cuts;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.lab.probe.Probes;
import net.donut.lab.run.HeldLab;
import net.donut.lab.topology.FeedAddresses;
import net.donut.model.Family;
import net.donut.model.IpAddress;

/// The network of a failover bench, a deployed lab: a client, the router under test, and a neighbor
/// a feed, over links that can be cut. The feeds hear their tables from a node of their own.
///
/// ```
/// client -- rut -- feed1 -- src
///            | \-- feed2 -- src
/// ```
///
/// Owned by the thread that runs the bench.
final class FailoverNetwork implements FeedNetwork, AutoCloseable {
  private static final String ROUTER = "rut";
  private static final String CLIENT = "client";
  private static final String SOURCE = "src";

  private static final List<String> SYSCTLS =
      List.of(
          "ipv4/ip_forward=1",
          "ipv6/conf/all/forwarding=1",
          "ipv4/conf/all/rp_filter=0",
          "ipv4/conf/all/ignore_routes_with_linkdown=1",
          "ipv6/conf/all/ignore_routes_with_linkdown=1",
          "ipv6/conf/all/accept_dad=0",
          "ipv6/conf/all/router_solicitation_delay=0",
          "ipv4/icmp_ratelimit=0",
          "ipv6/icmp/ratelimit=0");

  /*
   * When carrier returns, the kernel answers for an IPv6 address only after a random part of the
   * solicitation delay: up to a second of lost packets that no router could prevent.
   */
  private static final List<String> DEVICE_SYSCTLS =
      List.of(
          "ipv4/conf/%s/rp_filter=0",
          "ipv4/conf/%s/ignore_routes_with_linkdown=1",
          "ipv6/conf/%s/ignore_routes_with_linkdown=1",
          "ipv6/conf/%s/accept_dad=0",
          "ipv6/conf/%s/dad_transmits=0",
          "ipv6/conf/%s/router_solicitations=0",
          "ipv6/conf/%s/router_solicitation_delay=0");

  private final BenchLab lab;
  private final List<FeedLink> feeds;
  private final Cuts cuts;

  FailoverNetwork(HeldLab held, List<FeedLink> feeds) {
    this.feeds = feeds;
    lab = deploy(held, feeds);
    cuts = lab.cuts();
    try {
      prepare();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// The first end of a link hears of its cut first: that is the router's.
  private static BenchLab deploy(HeldLab held, List<FeedLink> feeds) {
    List<String> nodes = new ArrayList<>(List.of(ROUTER, CLIENT, SOURCE));
    List<List<String>> links = new ArrayList<>();
    for (FeedLink feed : feeds) {
      nodes.add(feed.name());
      links.add(List.of(routerEnd(feed), feed.name() + ":" + ROUTER));
    }
    links.add(List.of(ROUTER + ":" + CLIENT, CLIENT + ":" + ROUTER));
    feeds.forEach(feed ->
        links.add(
            List.of(SOURCE + ":" + sourceDevice(feed), feed.name() + ":" + FeedAddresses.DEVICE)));
    return BenchLab.deploy(held, nodes, links);
  }

  private static String routerEnd(FeedLink feed) {
    return ROUTER + ":" + feed.routerDevice();
  }

  private static String sourceDevice(FeedLink feed) {
    return "f" + feed.number();
  }

  private void prepare() {
    List.of(ROUTER, CLIENT, SOURCE).forEach(node -> lab.namespace(node).sysctl(SYSCTLS));
    for (FeedLink feed : feeds) {
      of(feed).sysctl(SYSCTLS);
      for (Family family : Family.values()) {
        up(router(), feed.routerDevice(), feed.router(family));
        up(of(feed), ROUTER, feed.neighbor(family));
        up(source(), sourceDevice(feed), feed.source(family));
        up(of(feed), FeedAddresses.DEVICE, feed.fed(family));
      }
    }
    for (Family family : Family.values()) {
      up(router(), CLIENT, gateway(family));
      up(lab.namespace(CLIENT), ROUTER, client(family));
    }
    lab.namespace(CLIENT)
        .ip(
            List.of(
                "route replace default via " + gateway(Family.IPV4),
                "route replace ::/0 via " + gateway(Family.IPV6)));
  }

  private static void up(Namespace namespace, String device, IpAddress address) {
    Family family = address.family();
    namespace.sysctl(DEVICE_SYSCTLS.stream().map(line -> line.formatted(device)).toList());
    namespace.ip(
        List.of(
            "address replace %s/%d dev %s%s"
                .formatted(
                    address,
                    FeedLink.length(family),
                    device,
                    family == Family.IPV6 ? " nodad" : ""),
            "link set " + device + " up"));
  }

  private static IpAddress gateway(Family family) {
    return IpAddress.parse(family == Family.IPV4 ? "10.252.0.1" : "fd00:252::1");
  }

  private static IpAddress client(Family family) {
    return IpAddress.parse(family == Family.IPV4 ? "10.252.0.2" : "fd00:252::2");
  }

  @Override
  public Namespace source() {
    return lab.namespace(SOURCE);
  }

  @Override
  public Namespace of(FeedLink feed) {
    return lab.namespace(feed.name());
  }

  Namespace router() {
    return lab.namespace(ROUTER);
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
        new Probes.Site(CLIENT, lab.namespace(CLIENT)),
        client(destination.family()),
        destination,
        feeds.stream().map(feed -> new Probes.Site(feed.name(), of(feed))).toList());
  }

  /// Takes the carrier of the link to a feed, at both ends.
  void cut(FeedLink feed) {
    cuts.cut(routerEnd(feed), Cut.Plain.FIBRE);
  }

  /// Loses every packet on the link to a feed.
  void silence(FeedLink feed) {
    cuts.cut(routerEnd(feed), Cut.Plain.SILENT);
  }

  void restore(FeedLink feed) {
    cuts.restore(routerEnd(feed));
  }

  @Override
  public void close() {
    Pause.undisturbed(lab::close);
  }
}
