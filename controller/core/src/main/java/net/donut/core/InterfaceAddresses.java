package net.donut.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.core.policy.LinkConfig;
import net.donut.core.policy.LinkEnd;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Policy;
import net.donut.core.policy.SessionConfig;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// The addresses of our routers by interface, as far as they were told, and what follows from them
/// for next hops and exchanges. Owned by the engine's thread.
final class InterfaceAddresses {
  private final Map<String, Map<String, List<InterfaceAddress>>> byRouter = new HashMap<>();

  /// Replaces the addresses of an interface. Returns those that came or went, none when the same
  /// ones are there as before, in the same networks.
  Set<IpAddress> set(String router, String interfaceName, List<InterfaceAddress> addresses) {
    List<InterfaceAddress> next =
        addresses.stream()
            .distinct()
            .sorted(
                Comparator.comparing(InterfaceAddress::address)
                    .thenComparingInt(InterfaceAddress::length))
            .toList();
    List<InterfaceAddress> before =
        byRouter.computeIfAbsent(router, _ -> new HashMap<>()).put(interfaceName, next);
    Set<InterfaceAddress> changed = new LinkedHashSet<>(next);
    for (InterfaceAddress old : before == null ? List.<InterfaceAddress>of() : before) {
      if (!changed.remove(old)) {
        changed.add(old);
      }
    }
    Set<IpAddress> found = new HashSet<>();
    changed.forEach(one -> found.add(one.address()));
    return found;
  }

  private List<InterfaceAddress> at(String router, String interfaceName) {
    return byRouter.getOrDefault(router, Map.of()).getOrDefault(interfaceName, List.of());
  }

  /// What the addresses of now mean for the neighbors of a policy.
  Meaning meaning(Policy policy) {
    return new Meaning(policy);
  }

  /// The next hops that neighbors may name, and the networks of exchanges. Made anew for each
  /// change of addresses or policy.
  final class Meaning {
    private final Map<String, Set<IpAddress>> ours = new HashMap<>();
    private final Set<IpAddress> everywhere = new HashSet<>();

    private Meaning(Policy policy) {
      byRouter.forEach((router, interfaces) ->
          interfaces.values().forEach(all -> all.forEach(one -> add(router, one.address()))));
      for (NeighborConfig neighbor : policy.neighbors()) {
        for (Family family : Family.values()) {
          SessionConfig session = neighbor.session(family);
          if (session != null) {
            add(neighbor.router(), session.local());
          }
        }
      }
      for (LinkConfig link : policy.links()) {
        for (LinkEnd end : List.of(link.a(), link.b())) {
          add(end.router(), end.ipv4());
          add(end.router(), end.ipv6());
        }
      }
      ours.values().forEach(everywhere::addAll);
    }

    /// Link-local addresses mean nothing on other links.
    private void add(String router, @Nullable IpAddress address) {
      if (address != null && !address.isLinkLocal()) {
        ours.computeIfAbsent(router, _ -> new HashSet<>()).add(address);
      }
    }

    NextHopRules nextHops(NeighborConfig neighbor) {
      boolean shared = NextHopRules.isShared(neighbor.relation());
      Set<IpAddress> onLink = new HashSet<>();
      for (InterfaceAddress one : at(neighbor.router(), neighbor.interfaceName())) {
        if (one.address().isLinkLocal()) {
          onLink.add(one.address());
        }
      }
      Map<Family, NextHopRules.Subnet> subnets = new EnumMap<>(Family.class);
      for (Family family : Family.values()) {
        SessionConfig session = neighbor.session(family);
        if (shared && session != null) {
          subnets.put(family, subnet(neighbor, session));
        }
      }
      return new NextHopRules(
          subnets,
          List.of(onLink, shared ? everywhere : ours.getOrDefault(neighbor.router(), Set.of())));
    }

    private NextHopRules.Subnet subnet(NeighborConfig neighbor, SessionConfig session) {
      List<Prefix> connected = connected(neighbor, session);
      Prefix lan = session.lan();
      List<Prefix> networks = lan == null ? connected : List.of(lan);
      Set<Prefix> edges = new LinkedHashSet<>(networks);
      edges.addAll(connected);
      return new NextHopRules.Subnet(
          networks, List.copyOf(edges), elsewhere(neighbor, session, networks));
    }

    /// The networks of the session's interface that hold the neighbor's address, widest first.
    private List<Prefix> connected(NeighborConfig neighbor, SessionConfig session) {
      return at(neighbor.router(), neighbor.interfaceName()).stream()
          .map(InterfaceAddress::network)
          .filter(network -> network.length() > 0 && network.contains(session.address()))
          .distinct()
          .sorted(Comparator.comparingInt(Prefix::length))
          .toList();
    }

    private List<Prefix> elsewhere(
        NeighborConfig neighbor, SessionConfig session, List<Prefix> networks) {
      Set<Prefix> found = new LinkedHashSet<>();
      byRouter
          .getOrDefault(neighbor.router(), Map.of())
          .forEach((name, addresses) -> {
            for (InterfaceAddress one : addresses) {
              Prefix network = one.network();
              boolean smaller =
                  networks.stream()
                      .anyMatch(
                          wider -> wider.length() < network.length() && wider.contains(network));
              if (!name.equals(neighbor.interfaceName())
                  && smaller
                  && !one.address().isLinkLocal()
                  && !network.contains(session.address())) {
                found.add(network);
              }
            }
          });
      return found.stream().sorted().toList();
    }

    /// The networks of exchanges in a family: what sessions name as theirs, else the networks that
    /// public peers and route servers are on.
    DisjointPrefixes lans(Family family, List<Neighbor> neighbors) {
      List<Prefix> found = new ArrayList<>();
      for (Neighbor neighbor : neighbors) {
        SessionConfig session = neighbor.config().session(family);
        if (session != null && session.lan() != null) {
          found.add(session.lan());
        } else if (session != null && NextHopRules.isShared(neighbor.relation())) {
          connected(neighbor.config(), session).stream()
              .filter(network -> !network.address().isLinkLocal())
              .forEach(found::add);
        }
      }
      return new DisjointPrefixes(found);
    }
  }
}
