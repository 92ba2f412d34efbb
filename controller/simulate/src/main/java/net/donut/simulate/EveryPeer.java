package net.donut.simulate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.core.Engine;
import net.donut.core.SessionLiveness;
import net.donut.core.policy.Filters;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Policy;
import net.donut.core.policy.Ranking;
import net.donut.core.policy.RouterConfig;
import net.donut.core.policy.SessionConfig;
import net.donut.core.policy.Timers;
import net.donut.model.Communities;
import net.donut.model.ExtendedCommunities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.LargeCommunities;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import net.donut.model.Relation;
import net.donut.wire.mrt.MrtRecord;

/// `--policy none`: every peer is a neighbor, all alike, and the decision is the plain one of RFC
/// 4271.
final class EveryPeer implements Peers {
  /*
   * A neighbor of the engine has one path a prefix, so each path identifier of a peer is a neighbor of
   * its own, with the peer's address and BGP identifier. Names end the order of the decision; they
   * are made so that paths of one peer stand in the order of their identifiers.
   *
   * What the plain decision does not look at is taken off the routes: fewer attribute sets to keep.
   */
  static final String ROUTER = "collector";

  private static final long LOCAL_AS = 64512;
  private static final int MOST_NEIGHBORS = 65_000;

  private record Key(MrtPeer peer, long pathId) {}

  private final Engine engine = new Engine(policy());
  private final Map<Key, RouteSink> sinks = new HashMap<>();
  private final Map<MrtPeer, List<RouteSink>> byPeer = new HashMap<>();
  private final Map<String, MrtPeer> named = new LinkedHashMap<>();
  private final List<MrtPeer> byNeighbor = new ArrayList<>();

  private static Policy policy() {
    return new Policy(
        LOCAL_AS,
        List.of(),
        List.of(new RouterConfig(ROUTER, "none:0", IpAddress.ofIpv4(0))),
        List.of(),
        List.of(),
        Filters.NONE,
        Timers.DEFAULT,
        Ranking.LOCAL_PREF);
  }

  Engine engine() {
    return engine;
  }

  /// The peer that a neighbor of the engine stands for.
  MrtPeer peer(int neighbor) {
    return byNeighbor.get(neighbor - 1);
  }

  /// The peers by the names of their neighbors.
  Map<String, MrtPeer> named() {
    return named;
  }

  @Override
  public Collection<RouteSink> sinks(MrtPeer peer) {
    return byPeer.getOrDefault(peer, List.of());
  }

  @Override
  public RouteSink sink(MrtPeer peer, long pathId) {
    RouteSink known = sinks.get(new Key(peer, pathId));
    return known != null ? known : add(peer, pathId);
  }

  private RouteSink add(MrtPeer peer, long pathId) {
    if (named.size() == MOST_NEIGHBORS) {
      throw new BadInput(
          "peers and path identifiers: more than %d (expected: fewer; give fewer dumps)"
              .formatted(MOST_NEIGHBORS));
    }
    String name = name(peer, pathId);
    engine.addNeighbors(List.of(config(name, peer)));
    int neighbor = engine.neighbor(name);
    IpAddress routerId = peer.routerId();
    if (routerId != null) {
      for (Family family : Family.values()) {
        engine.setSession(neighbor, family, SessionLiveness.up(routerId));
      }
    }
    RouteSink sink = new Sink(neighbor, peer.address());
    sinks.put(new Key(peer, pathId), sink);
    byPeer.computeIfAbsent(peer, one -> new ArrayList<>()).add(sink);
    named.put(name, peer);
    byNeighbor.add(peer);
    return sink;
  }

  private String name(MrtPeer peer, long pathId) {
    String path = pathId == MrtRecord.NO_PATH_ID ? "" : "#%010d".formatted(pathId);
    String name = "AS" + peer.asn() + "-" + peer.address();
    return named.containsKey(name + path) ? name + "-" + peer.routerId() + path : name + path;
  }

  private static NeighborConfig config(String name, MrtPeer peer) {
    return NeighborConfig.builder(
            name, ROUTER, Math.max(1, peer.asn()), Relation.TRANSIT, "collector")
        .session(new SessionConfig(peer.address(), null, 0))
        .build();
  }

  /// Puts routes into the engine.
  private final class Sink implements RouteSink {
    private final int neighbor;
    private final IpAddress nextHop;

    Sink(int neighbor, IpAddress nextHop) {
      this.neighbor = neighbor;
      this.nextHop = nextHop;
    }

    @Override
    public void announce(Prefixes prefixes, PathAttributes attributes) {
      engine.announce(neighbor, prefixes, bare(attributes));
    }

    private PathAttributes bare(PathAttributes full) {
      return new PathAttributes(
          full.origin(),
          full.asPath(),
          nextHop,
          null,
          full.med(),
          full.localPref(),
          false,
          null,
          Communities.NONE,
          ExtendedCommunities.NONE,
          LargeCommunities.NONE,
          PathAttributes.ABSENT,
          List.of());
    }

    @Override
    public void withdraw(Prefixes prefixes) {
      engine.withdraw(neighbor, prefixes);
    }

    @Override
    public void clear() {
      for (Family family : Family.values()) {
        engine.clear(neighbor, family);
      }
    }
  }
}
