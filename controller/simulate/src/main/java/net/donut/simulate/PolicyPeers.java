package net.donut.simulate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import net.donut.core.Engine;
import net.donut.core.SessionLiveness;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.SessionConfig;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import net.donut.model.Relation;
import net.donut.simulate.Findings.PeerRow;
import org.jspecify.annotations.Nullable;

/// The peers of the dumps as neighbors of a policy.
final class PolicyPeers implements Peers {
  /*
   * Who a peer is: what `simulate.peers` says of its address, then of its AS; the neighbor with its
   * address; the neighbor with its AS. A neighbor takes one peer of each address family, since a
   * network that is one neighbor here has several sessions with a collector: the first by AS, but an
   * address always wins its neighbor back, also later. The rest are left out, or become neighbors of
   * the relation `simulate.others`.
   *
   * A path identifier is not kept apart: a neighbor has one path a prefix, the last one heard.
   */
  private record Taken(String neighbor, Family peerFamily) {}

  private enum Match {
    ADDRESS,
    AS
  }

  private record Claim(MrtPeer peer, Match match) {}

  private final SimulationPolicy file;
  private final Engine engine;
  private final List<Change> changes;
  private final Map<MrtPeer, MappedSink> sinks = new LinkedHashMap<>();
  private final Map<Taken, Claim> claims = new HashMap<>();
  private final Map<Integer, MrtPeer> byNeighbor = new HashMap<>();
  private final Map<Change.Add, HeldRoutes> held = new LinkedHashMap<>();

  PolicyPeers(SimulationPolicy file, List<Change> changes) {
    this.file = file;
    this.changes = changes;
    this.engine = new Engine(file.policy());
    changes.forEach(change -> {
      if (change instanceof Change.Add add && !add.router().isEmpty()) {
        checkRouter(add);
      }
    });
  }

  private void checkRouter(Change.Add add) {
    List<String> names = file.policy().routers().stream().map(router -> router.name()).toList();
    if (!names.contains(add.router())) {
      throw new BadInput(
          "what-if '"
              + add.text()
              + "': router "
              + add.router()
              + " (expected: one of "
              + names
              + ")");
    }
  }

  Engine engine() {
    return engine;
  }

  /// The peer behind a neighbor, for the file of best paths.
  @Nullable MrtPeer peer(int neighbor) {
    return byNeighbor.get(neighbor);
  }

  /// The routes that a new neighbor of a what-if would bring.
  HeldRoutes held(Change.Add add) {
    HeldRoutes routes = held.get(add);
    if (routes == null) {
      throw new IllegalStateException(add.text() + ": nothing held");
    }
    return routes;
  }

  @Override
  public Collection<RouteSink> sinks(MrtPeer peer) {
    MappedSink sink = sinks.get(peer);
    return sink == null ? List.of() : List.of(sink);
  }

  @Override
  public RouteSink sink(MrtPeer peer, long pathId) {
    MappedSink known = sinks.get(peer);
    return known != null ? known : add(peer);
  }

  private RouteSink add(MrtPeer peer) {
    MappedSink sink = new MappedSink(peer);
    sinks.put(peer, sink);
    for (Change change : changes) {
      if (change instanceof Change.Add add && isMeant(add.peer(), peer) && !held.containsKey(add)) {
        sink.leaveOut("asked for by what-if '" + add.text() + "'");
        sink.hold(held.computeIfAbsent(add, one -> new HeldRoutes(peer)));
        return sink;
      }
    }
    Claim claim = new Claim(peer, Match.ADDRESS);
    NeighborConfig neighbor = named(peer);
    if (neighbor == null) {
      neighbor = withAddress(peer.address());
    }
    if (neighbor == null) {
      claim = new Claim(peer, Match.AS);
      neighbor = withAs(peer);
    }
    if (neighbor == null) {
      others(sink);
    } else {
      take(sink, neighbor, claim);
    }
    return sink;
  }

  static boolean isMeant(String word, MrtPeer peer) {
    return word.equalsIgnoreCase("AS" + peer.asn()) || word.equals(peer.address().toString());
  }

  private @Nullable NeighborConfig named(MrtPeer peer) {
    Map<String, String> names = file.simulate().peers();
    String name = names.getOrDefault(peer.address().toString(), names.get("AS" + peer.asn()));
    return name == null ? null : config(name);
  }

  private @Nullable NeighborConfig config(String name) {
    for (NeighborConfig neighbor : file.policy().neighbors()) {
      if (neighbor.name().equals(name)) {
        return neighbor;
      }
    }
    return null;
  }

  private @Nullable NeighborConfig withAddress(IpAddress address) {
    for (NeighborConfig neighbor : file.policy().neighbors()) {
      SessionConfig session = neighbor.session(address.family());
      if (session != null && session.address().equals(address)) {
        return neighbor;
      }
    }
    return null;
  }

  /// The first neighbor with the peer's AS that is free, else any with it.
  private @Nullable NeighborConfig withAs(MrtPeer peer) {
    NeighborConfig found = null;
    for (NeighborConfig neighbor : file.policy().neighbors()) {
      if (neighbor.as() == peer.asn()) {
        if (!claims.containsKey(new Taken(neighbor.name(), peer.address().family()))) {
          return neighbor;
        }
        found = found == null ? neighbor : found;
      }
    }
    return found;
  }

  private void take(MappedSink sink, NeighborConfig neighbor, Claim claim) {
    Taken key = new Taken(neighbor.name(), claim.peer().address().family());
    Claim before = claims.get(key);
    if (before != null && (claim.match() == Match.AS || before.match() == Match.ADDRESS)) {
      sink.leaveOut(neighbor.name() + " is " + before.peer().address() + " already");
      return;
    }
    if (before != null) {
      MappedSink evicted = sinks.get(before.peer());
      if (evicted != null) {
        evicted.clear();
        evicted.leaveOut(neighbor.name() + " is " + claim.peer().address() + " by its address");
      }
    }
    claims.put(key, claim);
    bind(sink, neighbor);
  }

  private void bind(MappedSink sink, NeighborConfig neighbor) {
    int number = engine.neighbor(neighbor.name());
    sink.bind(neighbor, number);
    byNeighbor.putIfAbsent(number, sink.peer);
    IpAddress routerId = sink.peer.routerId();
    if (routerId != null) {
      for (Family family : Family.values()) {
        engine.setSession(number, family, SessionLiveness.up(routerId));
      }
    }
  }

  private void others(MappedSink sink) {
    Relation relation = file.simulate().others();
    if (relation == null) {
      sink.leaveOut("no neighbor with its address or AS");
      return;
    }
    String router = file.policy().routers().getFirst().name();
    NeighborConfig added = newNeighbor(sink.peer, relation, router);
    engine.addNeighbors(List.of(added));
    bind(sink, added);
  }

  /// A neighbor that the policy does not have, with a session of each family.
  static NeighborConfig newNeighbor(MrtPeer peer, Relation relation, String router) {
    IpAddress other =
        peer.address().family() == Family.IPV4
            ? IpAddress.ofIpv6(0x2001_0db8_0000_0000L, peer.address().high())
            : IpAddress.ofIpv4(0xc633_6400 | (int) (peer.address().low() & 0xff));
    String name = "AS" + peer.asn() + "-" + peer.address();
    return NeighborConfig.builder(name, router, Math.max(1, peer.asn()), relation, name)
        .session(new SessionConfig(peer.address(), null, 0))
        .session(new SessionConfig(other, null, 0))
        .build();
  }

  /// Throws [BadInput] when a what-if asks for a peer that the dumps do not have.
  void checkAdded() {
    for (Change change : changes) {
      if (change instanceof Change.Add add && !held.containsKey(add)) {
        TreeSet<String> there = new TreeSet<>();
        sinks.keySet().stream().limit(100).forEach(peer -> there.add("AS" + peer.asn()));
        throw new BadInput(
            "what-if '"
                + add.text()
                + "': no such peer in the dumps (expected: one of "
                + there
                + ")");
      }
    }
  }

  /// Ends the session of every neighbor that sends more than it may, as a router would; returns
  /// what was done.
  List<String> enforceLimits() {
    List<String> ended = new ArrayList<>();
    for (NeighborConfig neighbor : engine.policy().neighbors()) {
      for (Family family : Family.values()) {
        SessionConfig session = neighbor.session(family);
        int number = engine.neighbor(neighbor.name());
        int heard = engine.prefixes(number, family);
        if (session != null && session.maxPrefixes() > 0 && heard > session.maxPrefixes()) {
          engine.clear(number, family);
          ended.add(
              "%s sends %,d %s prefixes (max-prefix: %,d): its session would end, so none of them is used"
                  .formatted(neighbor.name(), heard, word(family), session.maxPrefixes()));
        }
      }
    }
    return ended;
  }

  private static String word(Family family) {
    return family == Family.IPV4 ? "IPv4" : "IPv6";
  }

  List<PeerRow> rows() {
    return sinks.values().stream().map(MappedSink::row).toList();
  }

  /// The routes of one peer, on their way to its neighbor if it has one.
  private final class MappedSink implements RouteSink {
    private final MrtPeer peer;
    private @Nullable NeighborConfig config;
    private @Nullable HeldRoutes holder;
    private int neighbor;
    private String reason = "";
    private long announced;

    MappedSink(MrtPeer peer) {
      this.peer = peer;
    }

    void bind(NeighborConfig to, int number) {
      config = to;
      neighbor = number;
    }

    void leaveOut(String why) {
      config = null;
      reason = why;
    }

    void hold(HeldRoutes routes) {
      holder = routes;
    }

    PeerRow row() {
      return new PeerRow(
          peer.address().toString(),
          peer.asn(),
          config == null ? "" : config.name(),
          reason,
          announced);
    }

    @Override
    public void announce(Prefixes prefixes, PathAttributes attributes) {
      announced += prefixes.size();
      if (holder != null) {
        holder.announce(prefixes, attributes);
      } else if (config != null) {
        SessionConfig session = config.session(prefixes.family());
        if (session == null) {
          reason =
              "%1$s routes left out: no %1$s session in the policy"
                  .formatted(word(prefixes.family()));
        } else {
          engine.announce(neighbor, prefixes, asHeardHere(config, session, attributes));
        }
      }
    }

    @Override
    public void withdraw(Prefixes prefixes) {
      if (holder != null) {
        holder.withdraw(prefixes);
      } else if (config != null) {
        engine.withdraw(neighbor, prefixes);
      }
    }

    @Override
    public void clear() {
      if (holder != null) {
        holder.clear();
      } else if (config != null) {
        for (Family family : Family.values()) {
          engine.clear(neighbor, family);
        }
      }
    }
  }

  /// A route as the neighbor would send it to us: the next hop of the collector's view means
  /// nothing here, except behind a route server, where it tells the members apart.
  static PathAttributes asHeardHere(
      NeighborConfig neighbor, SessionConfig session, PathAttributes attributes) {
    boolean members = neighbor.relation() == Relation.ROUTE_SERVER;
    PathAttributes.Builder heard = attributes.toBuilder().localPref(PathAttributes.ABSENT);
    return members
        ? heard.build()
        : heard.nextHop(session.address()).linkLocalNextHop(null).build();
  }
}
