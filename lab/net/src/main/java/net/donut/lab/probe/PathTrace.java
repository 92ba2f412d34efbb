package net.donut.lab.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LiveNetwork;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.Topology;
import net.donut.model.IpAddress;

/// The way a packet takes through a lab, asked hop by hop of the kernels themselves.
///
/// @param nodes the nodes passed, the first being where it starts
/// @param asns the AS numbers passed, each once where it repeats in a row
public record PathTrace(List<String> nodes, List<Long> asns, End end) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_HOPS = 16;

  /// How a way ends.
  public enum End {
    ARRIVED,
    /// A kernel on the way has no route, or one that discards.
    UNREACHABLE,
    /// It came back to a node it had passed.
    LOOP
  }

  public PathTrace {
    nodes = List.copyOf(nodes);
    asns = List.copyOf(asns);
  }

  /// The way from an address of `node` to `destination`, as the kernels stand now.
  public static PathTrace trace(
      LiveNetwork network, String node, IpAddress source, IpAddress destination) {
    List<String> nodes = new ArrayList<>(List.of(node));
    String at = node;
    String cameIn = "";
    while (nodes.size() < MOST_HOPS) {
      Optional<JsonNode> route = lookup(network, at, source, destination, cameIn);
      if (route.isEmpty()) {
        return of(network.topology(), nodes, End.UNREACHABLE);
      }
      if (route.get().path("type").asText().equals("local")
          || route.get().path("dev").asText().equals("lo")) {
        return of(network.topology(), nodes, End.ARRIVED);
      }
      Optional<LabLink> link = leaving(network.topology(), at, route.get().path("dev").asText());
      if (link.isEmpty()) {
        return of(network.topology(), nodes, End.UNREACHABLE);
      }
      LabLink.End next = link.get().peer(at);
      boolean seen = nodes.contains(next.node());
      nodes.add(next.node());
      if (seen) {
        return of(network.topology(), nodes, End.LOOP);
      }
      at = next.node();
      cameIn = next.device();
    }
    return of(network.topology(), nodes, End.LOOP);
  }

  private static Optional<JsonNode> lookup(
      LiveNetwork network, String at, IpAddress source, IpAddress destination, String cameIn) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "ip",
                "-n",
                network.namespace(at).name(),
                "-j",
                "route",
                "get",
                destination.toString(),
                "from",
                source.toString()));
    if (!cameIn.isEmpty()) {
      command.addAll(List.of("iif", cameIn));
    }
    Command.Result result = Command.tryRun(command, "");
    if (result.exitCode() != 0 || result.output().isBlank()) {
      return Optional.empty();
    }
    try {
      JsonNode route = JSON.readTree(result.output()).path(0);
      String type = route.path("type").asText("unicast");
      return type.equals("unicast") || type.equals("local") ? Optional.of(route) : Optional.empty();
    } catch (JsonProcessingException e) {
      throw new LabException(String.join(" ", command) + ": " + e.getMessage(), e);
    }
  }

  private static Optional<LabLink> leaving(Topology topology, String node, String device) {
    return topology
        .linksOf(node)
        .filter(link -> link.end(node).device().equals(device))
        .findFirst();
  }

  private static PathTrace of(Topology topology, List<String> nodes, End end) {
    List<Long> asns = new ArrayList<>();
    for (String node : nodes) {
      long asn = topology.asnOf(node);
      if (asns.isEmpty() || asns.getLast() != asn) {
        asns.add(asn);
      }
    }
    return new PathTrace(nodes, asns, end);
  }

  /// The links passed, by name, in order.
  public List<String> links(Topology topology) {
    List<String> links = new ArrayList<>();
    for (int i = 0; i + 1 < nodes.size(); i++) {
      String next = nodes.get(i + 1);
      topology
          .linksOf(nodes.get(i))
          .filter(link -> link.touches(next))
          .findFirst()
          .ifPresent(link -> links.add(link.name()));
    }
    return links;
  }

  /// `babulous edge2 edge1 tier2a viewers (AS 64801 64500 64701)`.
  @Override
  public String toString() {
    String way = String.join(" ", nodes);
    String ases = String.join(" ", asns.stream().map(String::valueOf).toList());
    return way
        + switch (end) {
          case ARRIVED -> "";
          case UNREACHABLE -> " (no route)";
          case LOOP -> " (loop)";
        }
        + " (AS "
        + ases
        + ")";
  }
}
