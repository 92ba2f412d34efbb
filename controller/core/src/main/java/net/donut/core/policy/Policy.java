package net.donut.core.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.donut.model.Prefix;

/// Everything the operator declares: our network, our routers, the links between them, the
/// neighbors. `localAs` is 1..4294967295.
///
/// Names are unique, every reference resolves, every interface is used once; the constructor throws
/// IllegalArgumentException otherwise.
public record Policy(
    long localAs,
    List<Prefix> networks,
    List<RouterConfig> routers,
    List<LinkConfig> links,
    List<NeighborConfig> neighbors,
    Filters filters,
    Timers timers,
    Ranking ranking) {

  public Policy {
    networks = List.copyOf(networks);
    routers = List.copyOf(routers);
    links = List.copyOf(links);
    neighbors = List.copyOf(neighbors);
    PolicyChecks.asn("as", localAs);
    if (routers.isEmpty()) {
      throw new IllegalArgumentException("routers: none (expected: at least one)");
    }
    Set<String> routerNames = new HashSet<>();
    routers.forEach(router -> unique("router", router.name(), routerNames));
    Set<Prefix> ours = new HashSet<>();
    networks.forEach(network -> unique("network", network, ours));
    Set<String> linkNames = new HashSet<>();
    for (LinkConfig link : links) {
      unique("link", link.name(), linkNames);
      known("link " + link.name(), link.a().router(), routerNames);
      known("link " + link.name(), link.b().router(), routerNames);
    }
    Set<String> neighborNames = new HashSet<>();
    for (NeighborConfig neighbor : neighbors) {
      unique("neighbor", neighbor.name(), neighborNames);
      known("neighbor " + neighbor.name(), neighbor.router(), routerNames);
    }
  }

  /// A policy as a policy file declares it: ranked by bands.
  public Policy(
      long localAs,
      List<Prefix> networks,
      List<RouterConfig> routers,
      List<LinkConfig> links,
      List<NeighborConfig> neighbors,
      Filters filters,
      Timers timers) {
    this(localAs, networks, routers, links, neighbors, filters, timers, Ranking.BANDS);
  }

  /// This policy with other neighbors.
  public Policy withNeighbors(List<NeighborConfig> others) {
    return new Policy(localAs, networks, routers, links, others, filters, timers, ranking);
  }

  /// This policy with other filters.
  public Policy withFilters(Filters others) {
    return new Policy(localAs, networks, routers, links, neighbors, others, timers, ranking);
  }

  private static <T> void unique(String what, T name, Set<T> seen) {
    if (!seen.add(name)) {
      throw new IllegalArgumentException(what + " " + name + ": twice (expected: once)");
    }
  }

  private static void known(String who, String router, Set<String> routers) {
    if (!routers.contains(router)) {
      throw new IllegalArgumentException(
          who + ": router " + router + " (expected: one of " + routers + ")");
    }
  }
}
