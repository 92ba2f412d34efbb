package net.donut.lab.neighbor;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.donut.bgp.BgpEventLoops;
import net.donut.bgp.BgpListener;
import net.donut.bgp.BgpNeighborConfig;
import net.donut.bgp.BgpSpeaker;
import net.donut.bgp.CeaseReason;
import net.donut.bgp.Down;
import net.donut.bgp.Outbound;
import net.donut.bgp.OutboundSource;
import net.donut.bgp.SessionInfo;
import net.donut.bgp.SpeakerConfig;
import net.donut.lab.net.Command;
import net.donut.lab.net.Namespace;
import net.donut.lab.table.RoutingTable;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Topology;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.Relation;
import net.donut.netlink.KernelEvent;
import net.donut.netlink.NetlinkMonitor;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.Subscription;
import net.donut.wire.bgp.BgpMessage;
import org.jspecify.annotations.Nullable;

/// A network of the lab on our own speaker, where no BIRD or FRR is installed.
///
/// It routes what carries traffic in the lab (the live networks and defaults): best path by
/// relation, then path length, then neighbor; valley-free export; one kernel route each. Its feed
/// it announces as it is. Everything else it hears, it forgets. Owned by its event loop.
final class OwnRouter implements AutoCloseable, BgpListener, OutboundSource {
  private final Topology topology;
  private final LabNode.Network node;
  private final RoutingTable table;
  private final Namespace namespace;
  private final EventLoopGroup loops;
  private final EventLoop loop;
  private final BgpSpeaker speaker;
  private final NetlinkMonitor monitor;
  private final ExecutorService kernel;
  private final Set<Prefix> live = new HashSet<>();
  private final Map<String, Peer> peers = new LinkedHashMap<>();
  private final Map<Prefix, Choice> best = new HashMap<>();

  /// One session with its routes. Owned by the event loop.
  private static final class Peer {
    final String name;
    final LabLink link;
    final Family family;
    final Relation relation;
    final Map<Prefix, PathAttributes> routes = new HashMap<>();
    final Set<Prefix> stale = new HashSet<>();
    final Set<Prefix> told = new HashSet<>();
    final Deque<Outbound> outbox = new ArrayDeque<>();
    long session;
    boolean carrier = true;

    Peer(String name, LabLink link, Family family, Relation relation) {
      this.name = name;
      this.link = link;
      this.family = family;
      this.relation = relation;
    }
  }

  /// The route in use for a prefix: from a session, or our own when `from` is null.
  private record Choice(@Nullable Peer from, PathAttributes attributes, int preference) {}

  OwnRouter(
      Topology topology,
      LabNode.Network node,
      RoutingTable table,
      Namespace namespace,
      NetworkNamespace inside) {
    this.topology = topology;
    this.node = node;
    this.table = table;
    this.namespace = namespace;
    for (Family family : Family.values()) {
      live.addAll(topology.liveNetworks(family));
      live.add(Prefix.defaultRoute(family));
    }
    topology
        .linksOf(node.name())
        .filter(link -> link.kind() instanceof LabLink.Kind.Peering)
        .forEach(this::addPeers);
    kernel =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name(node.name() + "-kernel").factory());
    loops = BgpEventLoops.single(inside.threadFactory(node.name() + "-bgp"));
    loop = loops.next();
    speaker = new BgpSpeaker(SpeakerConfig.listening(179), loop, this, this);
    speaker.start().join();
    speaker.configure(peers.values().stream().map(this::session).toList()).join();
    monitor =
        NetlinkMonitor.start(
            NetlinkMonitor.Options.of(node.name() + "-links", Subscription.LINK),
            inside.threadFactory(node.name() + "-links"),
            this::kernelEvent);
  }

  private void addPeers(LabLink link) {
    for (Family family : Family.values()) {
      String name = link.peer(node.name()).node() + "/" + family;
      peers.put(name, new Peer(name, link, family, link.relationSeenFrom(node.name())));
    }
  }

  private BgpNeighborConfig session(Peer peer) {
    LabLink.End far = peer.link.peer(node.name());
    return BgpNeighborConfig.builder(peer.name, far.address(peer.family))
        .localAddress(peer.link.end(node.name()).address(peer.family))
        .localAs(node.asn())
        .remoteAs(topology.asnOf(far.node()))
        .routerId(IpAddress.parse(node.routerId()))
        .holdTimeSeconds(30)
        .connectTimeout(java.time.Duration.ofSeconds(2))
        .build();
  }

  private void kernelEvent(KernelEvent event) {
    if (event instanceof KernelEvent.LinkChanged(var link)) {
      loop.execute(() -> carrier(link.name(), link.hasCarrier()));
    }
  }

  private void carrier(String device, boolean up) {
    List<Peer> affected =
        peers.values().stream()
            .filter(peer -> peer.link.end(node.name()).device().equals(device))
            .filter(peer -> peer.carrier != up)
            .toList();
    affected.forEach(peer -> peer.carrier = up);
    Set<Prefix> changed = new HashSet<>();
    for (Peer peer : affected) {
      changed.addAll(peer.routes.keySet());
      if (up) {
        speaker.kick(peer.name);
      } else {
        speaker.tearDown(peer.name, CeaseReason.RESET);
      }
    }
    changed.forEach(this::decide);
  }

  @Override
  public void established(String neighbor, SessionInfo session) {
    Peer peer = peer(neighbor);
    peer.session = session.session();
    peer.outbox.clear();
    peer.told.clear();
    for (Prefix prefix : node.own()) {
      best.putIfAbsent(prefix, own());
    }
    best.forEach((prefix, choice) -> tell(peer, prefix, choice));
    if (Preference.ofFeed(node.tier()) >= Preference.lowestToldTo(peer.relation)) {
      for (RoutingTable.Announcement announcement : table.feed(node.name())) {
        if (announcement.prefixes().family() == peer.family) {
          peer.outbox.add(
              new Outbound.Announce(
                  announcement.prefixes(), asHeardFromUs(peer, announcement.attributes())));
        }
      }
    }
    peer.outbox.add(new Outbound.EndOfRib(peer.family));
    speaker.wake(neighbor);
  }

  private Peer peer(String name) {
    Peer peer = peers.get(name);
    if (peer == null) {
      throw new IllegalStateException("session: " + name + " (expected: " + peers.keySet() + ")");
    }
    return peer;
  }

  private static Choice own() {
    return new Choice(
        null, PathAttributes.of(Origin.IGP, AsPath.EMPTY, IpAddress.ofIpv4(0)), Preference.OWN);
  }

  private PathAttributes asHeardFromUs(Peer peer, PathAttributes attributes) {
    return attributes.toBuilder()
        .asPath(attributes.asPath().prepend(node.asn(), 1))
        .nextHop(peer.link.end(node.name()).address(peer.family))
        .linkLocalNextHop(null)
        .localPref(PathAttributes.ABSENT)
        .build();
  }

  @Override
  public @Nullable Outbound next(String neighbor, long session) {
    Peer peer = peer(neighbor);
    return peer.session == session ? peer.outbox.poll() : null;
  }

  @Override
  public void update(String neighbor, BgpMessage.Update update) {
    Peer peer = peer(neighbor);
    Set<Prefix> changed = new HashSet<>();
    for (Prefixes withdrawn : update.withdrawals()) {
      for (Prefix prefix : withdrawn) {
        if (peer.routes.remove(prefix) != null) {
          changed.add(prefix);
        }
      }
    }
    for (BgpMessage.Announcement announcement : update.announcements()) {
      for (Prefix prefix : announcement.prefixes()) {
        if (live.contains(prefix)) {
          take(peer, prefix, announcement.attributes());
          changed.add(prefix);
        }
      }
    }
    changed.forEach(this::decide);
  }

  private void take(Peer peer, Prefix prefix, PathAttributes attributes) {
    peer.stale.remove(prefix);
    if (attributes.asPath().contains(node.asn())) {
      peer.routes.remove(prefix);
    } else {
      peer.routes.put(prefix, attributes);
    }
  }

  private void decide(Prefix prefix) {
    Choice before = best.get(prefix);
    Choice now = choose(prefix);
    if (java.util.Objects.equals(before, now)) {
      return;
    }
    if (now == null) {
      best.remove(prefix);
    } else {
      best.put(prefix, now);
    }
    install(prefix, now);
    for (Peer peer : peers.values()) {
      if (peer.session > 0) {
        tell(peer, prefix, now);
        speaker.wake(peer.name);
      }
    }
  }

  private @Nullable Choice choose(Prefix prefix) {
    if (node.own().contains(prefix)) {
      return own();
    }
    return peers.values().stream()
        .filter(peer -> peer.carrier)
        .flatMap(peer ->
            Stream.ofNullable(peer.routes.get(prefix))
                .map(route -> new Choice(peer, route, Preference.of(peer.relation))))
        .min(
            Comparator.comparingInt((Choice choice) -> -choice.preference)
                .thenComparingInt(choice -> choice.attributes.asPath().length())
                .thenComparing(choice -> choice.from == null ? "" : choice.from.name))
        .orElse(null);
  }

  /// Puts what a session shall hear of a prefix into its outbox.
  private void tell(Peer peer, Prefix prefix, @Nullable Choice choice) {
    if (prefix.family() != peer.family) {
      return;
    }
    if (choice != null && isTold(peer, prefix, choice)) {
      peer.told.add(prefix);
      peer.outbox.add(
          new Outbound.Announce(Prefixes.of(prefix), asHeardFromUs(peer, choice.attributes())));
    } else if (peer.told.remove(prefix)) {
      peer.outbox.add(new Outbound.Withdraw(Prefixes.of(prefix)));
    }
  }

  private boolean isTold(Peer peer, Prefix prefix, Choice choice) {
    boolean feedsDefault = prefix.length() == 0 && node.tier() == LabNode.Tier.TIER1;
    return choice.from != peer
        && choice.preference >= Preference.lowestToldTo(peer.relation)
        && !feedsDefault;
  }

  private void install(Prefix prefix, @Nullable Choice choice) {
    if (node.own().contains(prefix)) {
      return;
    }
    String ip = prefix.family() == Family.IPV4 ? "-4" : "-6";
    List<String> command = new ArrayList<>(List.of("ip", "-n", namespace.name(), ip, "route"));
    if (choice == null || choice.from == null) {
      command.addAll(List.of("del", prefix.toString(), "proto", "bgp"));
    } else {
      LabLink link = choice.from.link;
      command.addAll(
          List.of(
              "replace",
              prefix.toString(),
              "via",
              link.peer(node.name()).address(prefix.family()).toString(),
              "dev",
              link.end(node.name()).device(),
              "proto",
              "bgp"));
    }
    kernel.execute(() -> Command.tryRun(command, ""));
  }

  @Override
  public void endOfRib(String neighbor, Family family) {
    sweepStale(neighbor, family);
  }

  @Override
  public void refreshRequested(String neighbor, Family family) {
    Peer peer = peer(neighbor);
    best.forEach((prefix, choice) -> tell(peer, prefix, choice));
    speaker.wake(neighbor);
  }

  @Override
  public void markStale(String neighbor, Family family) {
    Peer peer = peer(neighbor);
    peer.stale.addAll(peer.routes.keySet());
  }

  @Override
  public void sweepStale(String neighbor, Family family) {
    Peer peer = peer(neighbor);
    List<Prefix> gone = List.copyOf(peer.stale);
    peer.stale.clear();
    gone.forEach(peer.routes::remove);
    gone.forEach(this::decide);
  }

  @Override
  public void down(String neighbor, Down down) {
    Peer peer = peer(neighbor);
    peer.session = 0;
    peer.outbox.clear();
    if (down.stale().contains(peer.family)) {
      peer.stale.addAll(peer.routes.keySet());
      return;
    }
    List<Prefix> gone = List.copyOf(peer.routes.keySet());
    peer.routes.clear();
    peer.stale.clear();
    gone.forEach(this::decide);
  }

  @Override
  public void close() {
    monitor.close();
    speaker.close();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    kernel.shutdown();
  }
}
