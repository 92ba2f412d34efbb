package net.donut.lab.topology;

import java.util.Set;
import net.donut.model.Family;
import net.donut.model.Prefix;

/// The controller's policy for a topology, as text.
public final class LabPolicy {
  /// Where agents listen.
  public static final int AGENT_PORT = 9340;

  private LabPolicy() {}

  /// The policy with BFD towards the neighbors that are named.
  public static String render(Topology topology, Set<String> withBfd) {
    StringBuilder yaml = new StringBuilder("# Written by the lab from its topology.\n");
    yaml.append("as: ").append(topology.asn()).append('\n');
    yaml.append("networks:\n");
    for (Prefix prefix : topology.networks()) {
      yaml.append("  - \"").append(prefix).append("\"\n");
    }
    yaml.append("routers:\n");
    topology
        .edges()
        .forEach(edge ->
            yaml.append(
                "  %s: {agent: \"%s:%d\", router-id: %s}\n"
                    .formatted(edge.name(), edge.management(), AGENT_PORT, edge.routerId())));
    yaml.append("links:\n");
    for (LabLink link : topology.links()) {
      if (link.kind() instanceof LabLink.Kind.Internal(int cost)) {
        yaml.append("  - name: ").append(link.name()).append('\n');
        yaml.append("    cost: ").append(cost).append('\n');
        yaml.append("    ends:\n");
        yaml.append(internalEnd(link.a())).append(internalEnd(link.b()));
      }
    }
    yaml.append("neighbors:\n");
    for (LabLink link : topology.ourPeerings().toList()) {
      yaml.append(neighbor(topology, link));
      if (withBfd.contains(link.b().node())) {
        yaml.append("    ").append(Bfd.WITH_OUR_ROUTERS.policy()).append('\n');
      }
    }
    yaml.append("filters:\n");
    yaml.append("  bogon-prefixes: false  # documentation space\n");
    yaml.append("  bogon-asns: false  # documentation numbers\n");
    return yaml.toString();
  }

  private static String internalEnd(LabLink.End end) {
    return "      %s: {interface: %s, ipv4: %s, ipv6: \"%s\"}\n"
        .formatted(end.node(), end.device(), end.ipv4(), end.ipv6());
  }

  private static String neighbor(Topology topology, LabLink link) {
    String name = link.b().node();
    StringBuilder yaml = new StringBuilder("  " + name + ":\n");
    yaml.append("    router: ").append(link.a().node()).append('\n');
    yaml.append("    as: ").append(topology.asnOf(name)).append('\n');
    yaml.append("    relation: ")
        .append(link.relationSeenFrom(link.a().node()).word())
        .append('\n');
    yaml.append("    interface: ").append(link.a().device()).append('\n');
    if (!link.price().isEmpty()) {
      yaml.append("    price: ").append(link.price()).append('\n');
    }
    for (Family family : Family.values()) {
      yaml.append(
          "    %s: {address: \"%s\", local: \"%s\"}\n"
              .formatted(
                  family == Family.IPV4 ? "ipv4" : "ipv6",
                  link.b().address(family),
                  link.a().address(family)));
    }
    return yaml.toString();
  }
}
