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

  boolean isUp(String router, String interfaceName) {
    return ports.get(new Port(router, interfaceName)) != InterfaceState.DOWN;
  }

  boolean isUp(Link link) {
    return isUp(link.config().a()) && isUp(link.config().b());
  }

  private boolean isUp(LinkEnd end) {
    return isUp(end.router(), end.interfaceName());
  }
}
