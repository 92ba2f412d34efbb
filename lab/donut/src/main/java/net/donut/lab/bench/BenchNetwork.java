package net.donut.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabMachine;
import net.donut.lab.net.LabNetwork;
import net.donut.lab.net.LabState;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.model.Family;

/// The namespaces of a bench: a source, one a feed, and that of the router under test, which is
/// made anew for every run.
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

  private final LabState state;
  private final List<FeedLink> feeds;
  private final List<Namespace> made = new ArrayList<>();

  private BenchNetwork(LabState state, List<FeedLink> feeds) {
    this.state = state;
    this.feeds = List.copyOf(feeds);
  }

  /// Makes the source and the feeds; what was made is removed before an exception leaves.
  static BenchNetwork create(LabState state, List<FeedLink> feeds) {
    LabMachine.require();
    BenchNetwork network = new BenchNetwork(state, feeds);
    try {
      network.make();
      return network;
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private void make() {
    add(source());
    for (FeedLink feed : feeds) {
      add(of(feed));
      int n = feed.number();
      source()
          .ip(
              List.of(
                  "link add name f%d index %d type veth peer name source index %d netns %s"
                      .formatted(n, 1000 + n, 2000 + n, of(feed).name()),
                  address(feed.source(Family.IPV4).toString(), Family.IPV4, "f" + n),
                  address(feed.source(Family.IPV6).toString(), Family.IPV6, "f" + n),
                  "link set dev f" + n + " up"));
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
    Namespace router = router();
    add(router);
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
    Command.run("ip", "netns", "del", router().name());
    made.remove(router());
    for (FeedLink feed : feeds) {
      Pause.until(
          "link of " + router().name() + " gone from " + of(feed).name(),
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

  private void add(Namespace namespace) {
    state.willMake(List.of(namespace.name()));
    Command.run("ip", "netns", "add", namespace.name());
    made.add(namespace);
    namespace.sysctl(SYSCTLS);
    namespace.ip(List.of("link set lo up"));
  }

  @Override
  public Namespace source() {
    return named("src");
  }

  @Override
  public Namespace of(FeedLink feed) {
    return named("f" + feed.number());
  }

  Namespace router() {
    return named("rut");
  }

  private Namespace named(String node) {
    return new Namespace(LabNetwork.nameOf(state.lab(), node));
  }

  @Override
  public void close() {
    Pause.undisturbed(() -> made.reversed().forEach(Namespace::delete));
    made.clear();
  }
}
