package net.donut.core;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import net.donut.model.Family;
import net.donut.model.IpAddress;

/// What can be used right now in one family: which neighbors, and how the routers reach each other
/// over the links that are up. Immutable; a what-if makes another one.
final class Liveness {
  /// The distance of what cannot be reached.
  static final int UNREACHABLE = Integer.MAX_VALUE;

  private final boolean[] usable;
  private final int[][] distance;
  private final int[][] nextLink;
  private final boolean[] linkUp;
  private final Map<Integer, Liveness> headless;
  private final Map<String, Set<SilentGateway>> silent;

  private Liveness(
      boolean[] usable,
      int[][] distance,
      int[][] nextLink,
      boolean[] linkUp,
      Map<Integer, Liveness> headless,
      Map<String, Set<SilentGateway>> silent) {
    this.usable = usable;
    this.distance = distance;
    this.nextLink = nextLink;
    this.linkUp = linkUp;
    this.headless = headless;
    this.silent = silent;
  }

  /// The same, but that some routers go by what they were told last.
  Liveness withHeadless(Map<Integer, Liveness> views) {
    return new Liveness(usable, distance, nextLink, linkUp, Map.copyOf(views), silent);
  }

  boolean hasHeadless() {
    return !headless.isEmpty();
  }

  boolean isHeadless(int router) {
    return headless.containsKey(router);
  }

  /// What a router goes by.
  Liveness seenBy(int router) {
    return headless.getOrDefault(router, this);
  }

  /// The state with some neighbors and links (by name) taken as cut.
  static Liveness of(
      CoreNeighbors neighbors,
      Routers routers,
      Links links,
      Family family,
      Set<String> cutNeighbors,
      Set<String> cutLinks) {
    boolean[] usable = new boolean[neighbors.size()];
    for (Neighbor neighbor : neighbors.all()) {
      usable[neighbor.index] =
          neighbor.isOwn()
              || (neighbor.isConfigured()
                  && !cutNeighbors.contains(neighbor.name)
                  && neighbor.session(family).isUsable()
                  && links.isUp(
                      neighbor.config().router(), neighbor.config().interfaceName(), family));
    }
    boolean[] linkUp = new boolean[links.all().size()];
    for (Links.Link link : links.all()) {
      linkUp[link.index()] =
          link.carries(family)
              && links.isUp(link, family)
              && !cutLinks.contains(link.config().name());
    }
    int[][] distance = distances(routers.size(), links, linkUp);
    return new Liveness(
        usable, distance, nextLinks(distance, links, linkUp), linkUp, Map.of(), links.silent());
  }

  /// Floyd and Warshall; there are few routers.
  private static int[][] distances(int routers, Links links, boolean[] linkUp) {
    int[][] distance = new int[routers][routers];
    for (int r = 0; r < routers; r++) {
      Arrays.fill(distance[r], UNREACHABLE);
      distance[r][r] = 0;
    }
    for (Links.Link link : links.all()) {
      if (linkUp[link.index()]) {
        int cost = Math.min(distance[link.a()][link.b()], link.config().cost());
        distance[link.a()][link.b()] = cost;
        distance[link.b()][link.a()] = cost;
      }
    }
    for (int via = 0; via < routers; via++) {
      for (int from = 0; from < routers; from++) {
        for (int to = 0; to < routers; to++) {
          if (distance[from][via] != UNREACHABLE && distance[via][to] != UNREACHABLE) {
            distance[from][to] =
                Math.min(distance[from][to], distance[from][via] + distance[via][to]);
          }
        }
      }
    }
    return distance;
  }

  private static int[][] nextLinks(int[][] distance, Links links, boolean[] linkUp) {
    int[][] next = new int[distance.length][distance.length];
    for (int from = 0; from < distance.length; from++) {
      Arrays.fill(next[from], -1);
      for (Links.Link link : links.all()) {
        int far = link.far(from);
        if (far < 0 || !linkUp[link.index()]) {
          continue;
        }
        for (int to = 0; to < distance.length; to++) {
          if (to != from
              && next[from][to] < 0
              && distance[far][to] != UNREACHABLE
              && link.config().cost() + distance[far][to] == distance[from][to]) {
            next[from][to] = link.index();
          }
        }
      }
    }
    return next;
  }

  boolean isUsable(int neighbor) {
    return neighbor < usable.length && usable[neighbor];
  }

  /// Whether a next hop at a router does not answer.
  boolean isSilent(String router, String interfaceName, IpAddress gateway) {
    return !silent.isEmpty()
        && silent
            .getOrDefault(router, Set.of())
            .contains(new SilentGateway(interfaceName, gateway));
  }

  boolean isUp(int link) {
    return linkUp[link];
  }

  /// The interior cost between two routers.
  int distance(int from, int to) {
    return distance[from][to];
  }

  boolean reaches(int from, int to) {
    return distance[from][to] != UNREACHABLE;
  }

  /// The link by which a router reaches another, -1 for none.
  int nextLink(int from, int to) {
    return nextLink[from][to];
  }

  boolean sameDistances(Liveness other) {
    return Arrays.deepEquals(distance, other.distance);
  }

  boolean isSame(Liveness other) {
    return Arrays.equals(usable, other.usable)
        && Arrays.equals(linkUp, other.linkUp)
        && silent.equals(other.silent)
        && sameDistances(other)
        && Arrays.deepEquals(nextLink, other.nextLink);
  }
}
