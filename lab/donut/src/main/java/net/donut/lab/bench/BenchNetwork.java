package net.donut.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.net.Command;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.lab.run.HeldLab;
import net.donut.model.Family;

/// The network of a bench: a source and a node a feed are a deployed lab; the namespace of the
/// router under test is made anew for every run, with plain links to the feeds.
///
/// ```
/// src f1 <-> source FEED-1 router <-> feed1 ROUTER
/// src f2 <-> source FEED-2 router <-> feed2 ROUTER
/// ```
///
/// Owned by the thread that runs the bench.
final class BenchNetwork implements FeedNetwork, AutoCloseable {
  private static final Duration GONE_LIMIT = Duration.ofSeconds(90);
  private static final List<String> SYSCTLS =
      List.of(
          "ipv4/ip_forward=1",
          "ipv6/conf/all/forwarding=1",
          "ipv6/conf/all/accept_dad=0",
          "ipv6/conf/default/accept_dad=0",
          "ipv6/conf/default/dad_transmits=0",
          "ipv4/conf/all/rp_filter=0",
          "ipv4/conf/default/rp_filter=0");

  private static final String SOURCE = "src";

  private final BenchLab lab;
  private final List<FeedLink> feeds;
  private final Namespace router;

  private BenchNetwork(BenchLab lab, List<FeedLink> feeds) {
    this.lab = lab;
    this.feeds = List.copyOf(feeds);
    router = lab.reserve("rut");
  }

  /// Makes the source and the feeds; what was made is removed before an exception leaves.
  static BenchNetwork create(HeldLab held, List<FeedLink> feeds) {
    List<String> nodes = new ArrayList<>(List.of(SOURCE));
    List<List<String>> links = new ArrayList<>();
    for (FeedLink feed : feeds) {
      nodes.add(node(feed));
      links.add(List.of(SOURCE + ":" + node(feed), node(feed) + ":source"));
    }
    BenchNetwork network = new BenchNetwork(BenchLab.deploy(held, nodes, links), feeds);
    try {
      network.prepare();
      return network;
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private static String node(FeedLink feed) {
    return "f" + feed.number();
  }

  private void prepare() {
    source().sysctl(SYSCTLS);
    for (FeedLink feed : feeds) {
      of(feed).sysctl(SYSCTLS);
      source()
          .ip(
              List.of(
                  address(feed.source(Family.IPV4).toString(), Family.IPV4, node(feed)),
                  address(feed.source(Family.IPV6).toString(), Family.IPV6, node(feed)),
                  "link set dev " + node(feed) + " up"));
      of(feed)
          .ip(
              List.of(
                  address(feed.fed(Family.IPV4).toString(), Family.IPV4, "source"),
                  address(feed.fed(Family.IPV6).toString(), Family.IPV6, "source"),
                  "link set dev source up"));
    }
  }

  /// Makes the namespace of the router under test with its links.
  Namespace makeRouter() {
    Command.run("ip", "netns", "add", router.name());
    router.sysctl(SYSCTLS);
    router.ip(List.of("link set lo up"));
    for (FeedLink feed : feeds) {
      Family family = feed.family();
      int n = feed.number();
      router.ip(
          List.of(
              "link add name %s index %d type veth peer name router index %d netns %s"
                  .formatted(feed.routerDevice(), 3000 + n, 4000 + n, of(feed).name()),
              address(feed.router().toString(), family, feed.routerDevice()),
              "link set dev " + feed.routerDevice() + " up"));
      of(feed)
          .ip(
              List.of(
                  address(feed.neighbor().toString(), family, "router"), "link set dev router up"));
    }
    return router;
  }

  /// Deletes the router's namespace and waits until the kernel has done so: with a full table that
  /// takes seconds, which must not be those of the next run.
  void removeRouter() {
    Command.run("ip", "netns", "del", router.name());
    for (FeedLink feed : feeds) {
      Pause.until(
          "link of " + router.name() + " gone from " + of(feed).name(),
          GONE_LIMIT,
          () ->
              Command.tryRun(
                          List.of("ip", "-n", of(feed).name(), "link", "show", "dev", "router"), "")
                      .exitCode()
                  != 0);
    }
  }

  private static String address(String address, Family family, String device) {
    return "address add %s/%d dev %s%s"
        .formatted(address, FeedLink.length(family), device, family == Family.IPV6 ? " nodad" : "");
  }

  @Override
  public Namespace source() {
    return lab.namespace(SOURCE);
  }

  @Override
  public Namespace of(FeedLink feed) {
    return lab.namespace(node(feed));
  }

  @Override
  public void close() {
    Pause.undisturbed(lab::close);
  }
}
