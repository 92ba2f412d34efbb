package net.donut.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import net.donut.core.change.Hop;
import net.donut.core.policy.LinkConfig;
import net.donut.core.policy.LinkEnd;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Policy;
import net.donut.core.policy.RouterConfig;
import net.donut.core.policy.SessionConfig;
import net.donut.core.policy.Treatment;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;

/// The whole engine once more with maps and lists, one prefix at a time, nothing kept.
final class NaiveNetwork {
  static final int UNREACHABLE = Integer.MAX_VALUE;
  static final IpAddress NOWHERE = IpAddress.ofIpv4(0);

  /// A path of a neighbor; the neighbor is null for our own.
  record Path(@Nullable NeighborConfig neighbor, PathAttributes attributes) {
    String name() {
      return neighbor == null ? "own" : neighbor.name();
    }

    Relation relation() {
      return neighbor == null ? Relation.OWN : neighbor.relation();
    }
  }

  record Session(String neighbor, Family family) {}

  record Port(String router, String interfaceName) {}

  Policy policy;
  final Map<String, Map<Prefix, PathAttributes>> heard = new HashMap<>();
  final Set<String> drained = new HashSet<>();
  final Map<Prefix, String> overrides = new HashMap<>();
  final Set<Session> down = new HashSet<>();
  final Set<Port> portsDown = new HashSet<>();
  final Map<Session, IpAddress> identifiers = new HashMap<>();
  final Map<Port, List<InterfaceAddress>> addresses = new HashMap<>();

  NaiveNetwork(Policy policy) {
    this.policy = policy;
  }

  Set<Prefix> prefixes() {
    Set<Prefix> all = new TreeSet<>(policy.networks());
    for (NeighborConfig neighbor : policy.neighbors()) {
      all.addAll(heard.getOrDefault(neighbor.name(), Map.of()).keySet());
    }
    return all;
  }

  List<String> routers() {
    return policy.routers().stream().map(RouterConfig::name).toList();
  }

  List<Path> accepted(Prefix prefix) {
    List<Path> paths = new ArrayList<>();
    if (policy.networks().contains(prefix)) {
      paths.add(new Path(null, PathAttributes.of(Origin.IGP, AsPath.EMPTY, NOWHERE)));
    }
    for (NeighborConfig neighbor : policy.neighbors()) {
      PathAttributes attributes = heard.getOrDefault(neighbor.name(), Map.of()).get(prefix);
      if (attributes != null && isAccepted(neighbor, prefix, attributes)) {
        paths.add(new Path(neighbor, attributes));
      }
    }
    return paths;
  }

  boolean isAccepted(NeighborConfig neighbor, Prefix prefix, PathAttributes attributes) {
    if (attributes.asPath().contains(policy.localAs())) {
      return false;
    }
    if (neighbor.relation() != Relation.ROUTE_SERVER
        && attributes.asPath().neighborAs() != neighbor.as()) {
      return false;
    }
    if (attributes.onlyToCustomer() != -1) {
      if (neighbor.relation() == Relation.CUSTOMER) {
        return false;
      }
      boolean peer =
          neighbor.relation() == Relation.PRIVATE_PEER
              || neighbor.relation() == Relation.PUBLIC_PEER;
      if (peer && attributes.onlyToCustomer() != neighbor.as()) {
        return false;
      }
    }
    if (!isNextHop(neighbor, prefix.family(), attributes.nextHop())) {
      return false;
    }
    if (prefix.length() == 0) {
      return neighbor.relation() == Relation.TRANSIT;
    }
    boolean listed = neighbor.prefixes().stream().anyMatch(entry -> entry.allows(prefix));
    return (listed || policy.filters().lengths(prefix.family()).contains(prefix.length()))
        && (listed || policy.networks().stream().noneMatch(ours -> ours.contains(prefix)))
        && !isOfAnExchange(prefix);
  }

  private static boolean isShared(NeighborConfig neighbor) {
    return neighbor.relation() == Relation.PUBLIC_PEER
        || neighbor.relation() == Relation.ROUTE_SERVER;
  }

  /// The networks on the interface towards a neighbor that hold its address.
  private List<Prefix> networks(NeighborConfig neighbor, Family family) {
    SessionConfig session = neighbor.session(family);
    return session == null
        ? List.of()
        : addresses
            .getOrDefault(new Port(neighbor.router(), neighbor.interfaceName()), List.of())
            .stream()
            .map(InterfaceAddress::network)
            .filter(network -> network.contains(session.address()))
            .toList();
  }

  private boolean isOfAnExchange(Prefix prefix) {
    return policy.neighbors().stream()
        .filter(NaiveNetwork::isShared)
        .flatMap(neighbor -> networks(neighbor, prefix.family()).stream())
        .anyMatch(network -> network.contains(prefix));
  }

  private boolean isOurs(NeighborConfig neighbor, IpAddress address) {
    Predicate<String> known = router -> isShared(neighbor) || router.equals(neighbor.router());
    boolean reported =
        addresses.entrySet().stream()
            .filter(entry -> known.test(entry.getKey().router()))
            .flatMap(entry -> entry.getValue().stream())
            .anyMatch(one -> one.address().equals(address));
    boolean written =
        policy.neighbors().stream()
            .filter(other -> known.test(other.router()))
            .map(other -> other.session(address.family()))
            .anyMatch(session -> session != null && address.equals(session.local()));
    boolean linked =
        policy.links().stream()
            .flatMap(link -> java.util.stream.Stream.of(link.a(), link.b()))
            .filter(end -> known.test(end.router()))
            .anyMatch(end -> address.equals(end.ipv4()) || address.equals(end.ipv6()));
    return reported || written || linked;
  }

  private boolean isNextHop(NeighborConfig neighbor, Family family, IpAddress nextHop) {
    SessionConfig session = neighbor.session(family);
    if (session != null && nextHop.equals(session.address())) {
      return true;
    }
    if (isOurs(neighbor, nextHop)) {
      return false;
    }
    if (policy.filters().thirdPartyNextHops() == Treatment.ACCEPT) {
      return true;
    }
    List<Prefix> networks = networks(neighbor, family);
    if (!isShared(neighbor)
        || session == null
        || networks.stream().noneMatch(network -> network.contains(nextHop))) {
      return false;
    }
    boolean edge =
        networks.stream()
            .filter(network -> network.length() < family.bits() - 1)
            .anyMatch(network ->
                nextHop.equals(network.address())
                    || (family == Family.IPV4 && nextHop.equals(network.lastAddress())));
    boolean elsewhere =
        addresses.entrySet().stream()
            .filter(entry -> entry.getKey().router().equals(neighbor.router()))
            .filter(entry -> !entry.getKey().interfaceName().equals(neighbor.interfaceName()))
            .flatMap(entry -> entry.getValue().stream())
            .map(InterfaceAddress::network)
            .anyMatch(smaller ->
                smaller.contains(nextHop)
                    && !smaller.contains(session.address())
                    && networks.stream()
                        .anyMatch(
                            wider -> wider.contains(smaller) && wider.length() < smaller.length()));
    return !edge && !elsewhere;
  }

  boolean isUsable(Path path, Family family) {
    NeighborConfig neighbor = path.neighbor();
    return neighbor == null
        || (!down.contains(new Session(neighbor.name(), family))
            && !portsDown.contains(new Port(neighbor.router(), neighbor.interfaceName())));
  }

  boolean isUsableAt(String router, Path path, Family family) {
    return isUsable(path, family) && distance(router, path) != UNREACHABLE;
  }

  private int distance(String router, Path path) {
    NeighborConfig neighbor = path.neighbor();
    return neighbor == null || neighbor.router().equals(router)
        ? -1
        : distances(neighbor.router()).getOrDefault(router, UNREACHABLE);
  }

  boolean isUp(LinkConfig link) {
    return !portsDown.contains(new Port(link.a().router(), link.a().interfaceName()))
        && !portsDown.contains(new Port(link.b().router(), link.b().interfaceName()));
  }

  /// Bellman and Ford to one router.
  Map<String, Integer> distances(String to) {
    Map<String, Integer> distance = new HashMap<>();
    distance.put(to, 0);
    for (int round = 0; round < policy.routers().size(); round++) {
      for (LinkConfig link : policy.links()) {
        if (isUp(link)) {
          relax(distance, link.a().router(), link.b().router(), link.cost());
          relax(distance, link.b().router(), link.a().router(), link.cost());
        }
      }
    }
    return distance;
  }

  private static void relax(Map<String, Integer> distance, String from, String to, int cost) {
    Integer known = distance.get(from);
    if (known != null) {
      distance.merge(to, known + cost, Math::min);
    }
  }

  private static List<Path> lowest(List<Path> paths, ToLongFunction<Path> key) {
    long best = paths.stream().mapToLong(key).min().orElse(0);
    return paths.stream().filter(path -> key.applyAsLong(path) == best).toList();
  }

  /// The textbook: one filter a step.
  @SuppressWarnings("EnumOrdinal")
  Path best(String router, List<Path> paths, Prefix prefix) {
    Family family = prefix.family();
    List<Path> left = lowest(paths, path -> drained.contains(path.name()) ? 1 : 0);
    left = lowest(left, path -> isPassedOver(path, prefix) ? 1 : 0);
    left = lowest(left, path -> path.relation().ordinal());
    left =
        lowest(
            left,
            path ->
                path.attributes().communities().contains(Communities.GRACEFUL_SHUTDOWN) ? 1 : 0);
    left = lowest(left, path -> path.neighbor() == null ? 0 : -(long) path.neighbor().preference());
    left = lowest(left, path -> path.attributes().asPath().length());
    left = lowest(left, path -> path.attributes().origin().ordinal());
    List<Path> before = left;
    left =
        left.stream()
            .filter(path ->
                before.stream().noneMatch(other -> as(other) == as(path) && med(other) < med(path)))
            .toList();
    left = lowest(left, path -> distance(router, path));
    return left.stream()
        .min(
            Comparator.comparing(
                    (Path path) -> identifiers.get(new Session(path.name(), family)),
                    Comparator.nullsLast(Comparator.<IpAddress>naturalOrder()))
                .thenComparing(path -> address(path, family))
                .thenComparing(Path::name))
        .orElseThrow();
  }

  private boolean isPassedOver(Path path, Prefix prefix) {
    String chosen = overrides.getOrDefault(prefix, path.name());
    return !drained.contains(path.name()) && !path.name().equals(chosen);
  }

  private static int as(Path path) {
    int first = path.attributes().asPath().neighborAs();
    NeighborConfig neighbor = path.neighbor();
    return first != 0 || neighbor == null ? first : (int) neighbor.as();
  }

  private static long med(Path path) {
    return Math.max(0, path.attributes().med());
  }

  private static IpAddress address(Path path, Family family) {
    NeighborConfig neighbor = path.neighbor();
    if (neighbor == null) {
      return NOWHERE;
    }
    SessionConfig session = neighbor.session(family);
    SessionConfig other = neighbor.session(family == Family.IPV4 ? Family.IPV6 : Family.IPV4);
    return session != null ? session.address() : other != null ? other.address() : NOWHERE;
  }

  private List<Path> firstThree(String router, List<Path> paths, Prefix prefix) {
    List<Path> left = new ArrayList<>(paths);
    List<Path> places = new ArrayList<>();
    while (places.size() < 3 && !left.isEmpty()) {
      Path best = best(router, left, prefix);
      places.add(best);
      left.remove(best);
    }
    return places;
  }

  List<Path> exitList(String router, Prefix prefix) {
    List<Path> all = accepted(prefix);
    List<Path> list = firstThree(router, all, prefix);
    Predicate<Path> usable = path -> isUsableAt(router, path, prefix.family());
    if (list.stream().noneMatch(usable)) {
      List<Path> rest = all.stream().filter(usable).toList();
      return rest.isEmpty() ? list : firstThree(router, rest, prefix);
    }
    return list;
  }

  Map<String, Path> primaries(Prefix prefix) {
    Map<String, Path> primaries = new LinkedHashMap<>();
    for (String router : routers()) {
      exitList(router, prefix).stream()
          .filter(path -> isUsableAt(router, path, prefix.family()))
          .findFirst()
          .ifPresent(path -> primaries.put(router, path));
    }
    return primaries;
  }

  private @Nullable LinkConfig nextLink(String router, String to) {
    Map<String, Integer> distance = distances(to);
    for (LinkConfig link : policy.links()) {
      String far = far(link, router);
      if (!far.isEmpty()
          && isUp(link)
          && distance.containsKey(far)
          && distance.getOrDefault(router, -1) == link.cost() + distance.getOrDefault(far, 0)) {
        return link;
      }
    }
    return null;
  }

  static String far(LinkConfig link, String router) {
    return link.a().router().equals(router)
        ? link.b().router()
        : link.b().router().equals(router) ? link.a().router() : "";
  }

  private Hop hop(String router, Path path) {
    NeighborConfig neighbor = path.neighbor();
    if (neighbor == null) {
      return new Hop.Discard();
    }
    if (neighbor.router().equals(router)) {
      return new Hop.Local(neighbor.name(), path.attributes().nextHop(), neighbor.interfaceName());
    }
    LinkConfig link = nextLink(router, neighbor.router());
    if (link == null) {
      throw new IllegalStateException(router + " cannot reach " + neighbor.router());
    }
    return via(link, router, path.attributes().nextHop().family());
  }

  private static Hop via(LinkConfig link, String router, Family family) {
    LinkEnd here = link.a().router().equals(router) ? link.a() : link.b();
    LinkEnd there = link.a().router().equals(router) ? link.b() : link.a();
    IpAddress gateway = there.gateway(family);
    if (gateway == null) {
      throw new IllegalStateException(link.name() + ": no gateway");
    }
    return new Hop.Via(there.router(), link.name(), gateway, here.interfaceName());
  }

  /// The routers a packet visits when everybody follows primaries, ending with the one it leaves
  /// by, or with "" when it does not leave.
  List<String> walk(String from, Map<String, Path> primaries) {
    List<String> visited = new ArrayList<>();
    String at = from;
    while (!visited.contains(at)) {
      visited.add(at);
      Path path = primaries.get(at);
      if (path == null) {
        break;
      }
      if (distance(at, path) == -1 || path.neighbor() == null) {
        return visited;
      }
      LinkConfig link = nextLink(at, path.neighbor().router());
      at = link == null ? "" : far(link, at);
    }
    visited.add("");
    return visited;
  }

  List<Hop> hops(String router, Prefix prefix) {
    Map<String, Path> primaries = primaries(prefix);
    for (String other : routers()) {
      if (primaries.containsKey(other) && walk(other, primaries).contains("")) {
        throw new IllegalStateException("primaries of " + prefix + " loop");
      }
    }
    Path primary = primaries.get(router);
    if (primary == null) {
      return List.of();
    }
    List<Hop> hops = new ArrayList<>(List.of(hop(router, primary)));
    if (primary.neighbor() == null) {
      return hops;
    }
    for (Path path : exitList(router, prefix)) {
      if (path.neighbor() != null && isUsableAt(router, path, prefix.family())) {
        Hop hop = hop(router, path);
        boolean safe =
            switch (hop) {
              case Hop.Via via -> avoids(router, via.router(), primaries);
              case Hop.Local _ -> true;
              case Hop.Discard _ -> false;
            };
        if (safe && !hops.contains(hop)) {
          hops.add(hop);
        }
      }
    }
    policy.links().stream()
        .filter(link -> isUp(link) && !far(link, router).isEmpty())
        .filter(link -> avoids(router, far(link, router), primaries))
        .sorted(Comparator.comparingInt(LinkConfig::cost))
        .map(link -> via(link, router, prefix.family()))
        .filter(hop -> !hops.contains(hop))
        .forEach(hops::add);
    return hops.subList(0, Math.min(3, hops.size()));
  }

  private boolean avoids(String router, String from, Map<String, Path> primaries) {
    List<String> walk = walk(from, primaries);
    return !walk.contains("") && !walk.contains(router);
  }

  /// What a neighbor is told: the attributes, by prefix.
  Map<Prefix, PathAttributes> exports(NeighborConfig to) {
    Map<Prefix, PathAttributes> told = new HashMap<>();
    for (Prefix prefix : prefixes()) {
      Path path = primaries(prefix).get(to.router());
      if (path != null && isTold(to, path)) {
        told.put(prefix, rewritten(to, path, prefix.family()));
      }
    }
    return told;
  }

  private static boolean isTold(NeighborConfig to, Path path) {
    NeighborConfig from = path.neighbor();
    boolean ours = from == null || from.relation() == Relation.CUSTOMER;
    boolean customer = to.relation() == Relation.CUSTOMER;
    Communities communities = path.attributes().communities();
    return (from == null || !from.name().equals(to.name()))
        && (ours || customer)
        && !communities.contains(Communities.NO_EXPORT)
        && !communities.contains(Communities.NO_ADVERTISE)
        && !(path.attributes().onlyToCustomer() != -1 && !customer)
        && !path.attributes().asPath().contains(to.as());
  }

  private PathAttributes rewritten(NeighborConfig to, Path path, Family family) {
    long marked = path.attributes().onlyToCustomer();
    NeighborConfig from = path.neighbor();
    if (marked == -1 && from != null && from.relation() != Relation.CUSTOMER) {
      marked = from.as();
    }
    if (marked == -1
        && to.relation() != Relation.TRANSIT
        && to.relation() != Relation.ROUTE_SERVER) {
      marked = policy.localAs();
    }
    IpAddress nowhere = family == Family.IPV4 ? NOWHERE : IpAddress.ofIpv6(0, 0);
    return path.attributes().toBuilder()
        .asPath(path.attributes().asPath().prepend(policy.localAs(), 1))
        .nextHop(nowhere)
        .med(-1)
        .localPref(-1)
        .onlyToCustomer(marked)
        .build();
  }

  /// Whether packets to an address that an accepted path covers are dropped at a router.
  boolean isHole(String router, IpAddress address) {
    List<Prefix> covering =
        prefixes().stream()
            .filter(prefix -> prefix.contains(address) && !accepted(prefix).isEmpty())
            .sorted(Comparator.comparingInt(Prefix::length).reversed())
            .toList();
    if (covering.isEmpty() || policy.networks().contains(covering.getFirst())) {
      return false;
    }
    for (Prefix prefix : covering) {
      List<Hop> hops = hops(router, prefix);
      if (!hops.isEmpty()) {
        return hops.getFirst() instanceof Hop.Discard;
      }
    }
    return true;
  }
}
