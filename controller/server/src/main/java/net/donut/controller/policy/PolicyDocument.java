package net.donut.controller.policy;

import java.time.Duration;
import java.util.List;
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
    FilterEntry filters,
    Duration staleHold) {

  public PolicyDocument {
    networks = List.copyOf(networks);
    routers = List.copyOf(routers);
    links = List.copyOf(links);
    neighbors = List.copyOf(neighbors);
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
  }

  /// What we announce to a neighbor.
  public enum Export {
    DEFAULT_RULES,
    NONE,
    DEFAULT_ROUTE
  }

  /// A network we exchange routes with. `price` is per Mbit/s and month, NaN when not given;
  /// `capacityBits` is in bit/s, 0 when not given; `port` 0 stands for 179 and `holdTimeSeconds` 0
  /// for the agent's default.
  public record NeighborEntry(
      String name,
      String router,
      long as,
      Relation relation,
      String networkInterface,
      double price,
      long capacityBits,
      int preference,
      Export export,
      List<SessionEntry> sessions,
      @Nullable String md5,
      int holdTimeSeconds,
      boolean passive,
      int port) {

    public NeighborEntry {
      sessions = List.copyOf(sessions);
    }
  }

  /// The address pair of one family. `maxPrefix` 0 is no limit.
  public record SessionEntry(
      Family family, IpAddress address, @Nullable IpAddress local, int maxPrefix) {}

  /// What is refused whatever neighbor says it.
  public record FilterEntry(
      LengthRange ipv4,
      LengthRange ipv6,
      int maxAsPath,
      boolean bogonPrefixes,
      boolean bogonAsns,
      AsSets asSets) {

    static final FilterEntry DEFAULTS =
        new FilterEntry(
            new LengthRange(8, 24), new LengthRange(16, 48), 64, true, false, AsSets.ACCEPT);
  }

  public enum AsSets {
    ACCEPT,
    REJECT
  }

  public record LengthRange(int shortest, int longest) {}
}
