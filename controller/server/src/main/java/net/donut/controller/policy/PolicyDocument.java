package net.donut.controller.policy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.donut.core.policy.ExportRule;
import net.donut.core.policy.Filters;
import net.donut.core.policy.LinkConfig;
import net.donut.core.policy.LinkEnd;
import net.donut.core.policy.ListedPrefix;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Policy;
import net.donut.core.policy.RouterConfig;
import net.donut.core.policy.SessionConfig;
import net.donut.core.policy.Timers;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;

/// A policy file without mistakes: every reference resolves, every value is in range.
public record PolicyDocument(
    long localAs,
    List<Prefix> networks,
    List<RouterEntry> routers,
    List<LinkEntry> links,
    List<NeighborEntry> neighbors,
    Filters filters,
    Timers timers,
    SimulateEntry simulate) {

  public PolicyDocument {
    networks = List.copyOf(networks);
    routers = List.copyOf(routers);
    links = List.copyOf(links);
    neighbors = List.copyOf(neighbors);
  }

  /// The values that the decision needs.
  public Policy toPolicy() {
    return new Policy(
        localAs,
        networks,
        routers.stream().map(r -> new RouterConfig(r.name(), r.agent(), r.routerId())).toList(),
        links.stream()
            .map(l -> new LinkConfig(l.name(), l.cost(), l.left().toEnd(), l.right().toEnd()))
            .toList(),
        neighbors.stream().map(NeighborEntry::toConfig).toList(),
        filters,
        timers);
  }

  /// The neighbor of a name, or null.
  public @Nullable NeighborEntry neighbor(String name) {
    for (NeighborEntry neighbor : neighbors) {
      if (neighbor.name().equals(name)) {
        return neighbor;
      }
    }
    return null;
  }

  public List<NeighborEntry> neighborsAt(String router) {
    return neighbors.stream().filter(neighbor -> neighbor.router().equals(router)).toList();
  }

  public List<String> routerNames() {
    return routers.stream().map(RouterEntry::name).toList();
  }

  /// Who the peers of a dump are in a simulation: neighbors by address or `AS` number, and the
  /// relation of all others, null to leave them out.
  public record SimulateEntry(Map<String, String> peers, @Nullable Relation others) {
    public SimulateEntry {
      peers = Map.copyOf(peers);
    }
  }

  /// One of our routers and where its agent listens.
  public record RouterEntry(String name, String agentHost, int agentPort, IpAddress routerId) {
    public String agent() {
      return (agentHost.indexOf(':') >= 0 ? "[" + agentHost + "]" : agentHost) + ":" + agentPort;
    }
  }

  /// A link between two of our routers.
  public record LinkEntry(String name, int cost, EndEntry left, EndEntry right) {}

  /// A router's side of an internal link.
  public record EndEntry(
      String router, String networkInterface, @Nullable IpAddress ipv4, @Nullable IpAddress ipv6) {

    public @Nullable IpAddress address(Family family) {
      return family == Family.IPV4 ? ipv4 : ipv6;
    }

    LinkEnd toEnd() {
      return new LinkEnd(router, networkInterface, ipv4, ipv6);
    }
  }

  /// A network we exchange routes with. `price` is per Mbit/s and month, NaN when not given;
  /// `capacityBits` is in bit/s, 0 when not given; `port` 0 stands for 179 and `holdTimeSeconds` 0
  /// for the agent's default. `prefixes` is what it may announce although it is long or ours.
  /// `ttlSecurity` is GTSM (RFC 5082).
  public record NeighborEntry(
      String name,
      String router,
      long as,
      Relation relation,
      String networkInterface,
      double price,
      long capacityBits,
      int preference,
      ExportRule export,
      List<SessionEntry> sessions,
      @Nullable String md5,
      boolean ttlSecurity,
      int holdTimeSeconds,
      boolean passive,
      int port,
      @Nullable BfdEntry bfd,
      List<ListedPrefix> prefixes) {

    public NeighborEntry {
      prefixes = List.copyOf(prefixes);
      sessions = List.copyOf(sessions);
    }

    NeighborConfig toConfig() {
      NeighborConfig.Builder config =
          NeighborConfig.builder(name, router, as, relation, networkInterface)
              .price(Double.isNaN(price) ? 0 : price)
              .capacityBps(capacityBits)
              .preference(preference)
              .export(export)
              .prefixes(prefixes)
              .md5(md5)
              .opening(passive ? NeighborConfig.Opening.PASSIVE : NeighborConfig.Opening.ACTIVE);
      if (holdTimeSeconds != 0) {
        config.holdTimeSeconds(holdTimeSeconds);
      }
      for (SessionEntry session : sessions) {
        config.session(
            new SessionConfig(
                session.address(), session.local(), session.maxPrefix(), session.lan()));
      }
      return config.build();
    }
  }

  /// BFD with a neighbor, of each of its sessions.
  public record BfdEntry(Duration interval, int multiplier, boolean passive) {}

  /// The address pair of one family. `maxPrefix` 0 is no limit; `lan` is the exchange's, null for
  /// what the addresses of the interface say.
  public record SessionEntry(
      Family family,
      IpAddress address,
      @Nullable IpAddress local,
      int maxPrefix,
      @Nullable Prefix lan) {}
}
