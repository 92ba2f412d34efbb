package net.donut.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.core.policy.LinkConfig;
import net.donut.core.policy.LinkEnd;
import net.donut.core.policy.Policy;
import net.donut.model.Family;

/// The internal links of the policy and the state of every interface heard of. Owned by the
/// engine's thread.
final class Links {
  private record Port(String router, String interfaceName) {}

  /// A link with the numbers of its routers.
  record Link(int index, LinkConfig config, int a, int b) {
    /// The router at the other end, or -1 when this is no end.
    int far(int router) {
      return router == a ? b : router == b ? a : -1;
    }

    LinkEnd end(int router) {
      return router == a ? config.a() : config.b();
    }

    boolean carries(Family family) {
      return config.a().gateway(family) != null && config.b().gateway(family) != null;
    }
  }

  private final Map<Port, InterfaceState> ports = new HashMap<>();
  private final Map<Port, Set<Family>> lost = new HashMap<>();
  private Map<String, Set<SilentGateway>> silent = Map.of();
  private List<Link> links = List.of();
  private Set<Port> known = Set.of();

  void configure(Policy policy, Routers routers) {
    List<Link> next = new ArrayList<>();
    Set<Port> used = new HashSet<>();
    for (LinkConfig config : policy.links()) {
      next.add(
          new Link(
              next.size(),
              config,
              routers.index(config.a().router()),
              routers.index(config.b().router())));
      used.add(new Port(config.a().router(), config.a().interfaceName()));
      used.add(new Port(config.b().router(), config.b().interfaceName()));
    }
    policy.neighbors().forEach(n -> used.add(new Port(n.router(), n.interfaceName())));
    links = List.copyOf(next);
    known = used;
  }

  List<Link> all() {
    return links;
  }

  /// Returns whether this changed the state of an interface of the policy.
  boolean set(String router, String interfaceName, InterfaceState state) {
    Port port = new Port(router, interfaceName);
    InterfaceState before = ports.put(port, state);
    return known.contains(port) && state != (before == null ? InterfaceState.UP : before);
  }

  /// The families an interface cannot be used for although it is up. Returns whether that changed
  /// anything.
  boolean setLost(String router, String interfaceName, Set<Family> families) {
    Port port = new Port(router, interfaceName);
    Set<Family> before =
        families.isEmpty() ? lost.remove(port) : lost.put(port, Set.copyOf(families));
    return known.contains(port) && !families.equals(before == null ? Set.of() : before);
  }

  /// The next hops at a router that do not answer. Returns whether that changed anything.
  boolean setSilent(String router, Set<SilentGateway> gateways) {
    Map<String, Set<SilentGateway>> next = new HashMap<>(silent);
    if (gateways.isEmpty()) {
      next.remove(router);
    } else {
      next.put(router, Set.copyOf(gateways));
    }
    boolean changed = !next.equals(silent);
    silent = Map.copyOf(next);
    return changed;
  }

  /// All next hops that do not answer, by router. Immutable.
  Map<String, Set<SilentGateway>> silent() {
    return silent;
  }

  boolean isUp(String router, String interfaceName, Family family) {
    return isUp(router, interfaceName)
        && !lost.getOrDefault(new Port(router, interfaceName), Set.of()).contains(family);
  }

  boolean isUp(String router, String interfaceName) {
    return ports.get(new Port(router, interfaceName)) != InterfaceState.DOWN;
  }

  boolean isUp(Link link, Family family) {
    return isUp(link.config().a(), family) && isUp(link.config().b(), family);
  }

  private boolean isUp(LinkEnd end, Family family) {
    return isUp(end.router(), end.interfaceName(), family);
  }
}
