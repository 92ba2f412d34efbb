package net.donut.lab.neighbor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LiveNetwork;
import net.donut.lab.net.Namespace;
import net.donut.lab.table.RoutingTable;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Software;
import net.donut.lab.topology.Topology;
import net.donut.netlink.NetworkNamespace;
import org.jspecify.annotations.Nullable;

/// What the lab's own process does for the networks around ours: it feeds their daemons with the
/// table, and speaks BGP itself for those that have none. Owned by the thread that runs the lab.
public final class LabNeighbors implements AutoCloseable {
  private final LiveNetwork network;
  private final RoutingTable table;
  private final Map<String, Software> software;
  private final Map<String, OwnRouter> own = new LinkedHashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private @Nullable Feeder feeder;

  private LabNeighbors(LiveNetwork network, RoutingTable table, Map<String, Software> software) {
    this.network = network;
    this.table = table;
    this.software = Map.copyOf(software);
  }

  /// Which neighbors to run.
  public enum Choice {
    /// What the topology says where it is installed.
    REAL,
    /// Our own speaker everywhere.
    OWN
  }

  /// What each network will run on this machine.
  public static Map<String, Software> plan(Topology topology, Choice choice) {
    Map<String, Software> plan = new LinkedHashMap<>();
    topology
        .networkNodes()
        .forEach(node ->
            plan.put(
                node.name(),
                choice == Choice.REAL && installed(node.software())
                    ? node.software()
                    : Software.DONUT));
    return plan;
  }

  /// What each network will run as a container: the images have everything. Throws LabException for
  /// our own speaker, which is no program of a container.
  public static Map<String, Software> inContainers(Topology topology, Choice choice) {
    if (choice == Choice.OWN) {
      throw new LabException("--neighbors own: not in containers (expected: real)");
    }
    Map<String, Software> plan = new LinkedHashMap<>();
    topology.networkNodes().forEach(node -> plan.put(node.name(), node.software()));
    return plan;
  }

  private static boolean installed(Software software) {
    return switch (software) {
      case BIRD -> Command.exists("bird");
      case FRR -> Files.isExecutable(Path.of("/usr/lib/frr/bgpd"));
      case DONUT -> true;
    };
  }

  /// Lines for the operator on what is not installed; empty when all is there.
  public static List<String> missing(Topology topology) {
    List<String> lines = new ArrayList<>();
    for (Software software : List.of(Software.BIRD, Software.FRR)) {
      List<String> names =
          topology
              .networkNodes()
              .filter(node -> node.software() == software)
              .map(LabNode.Network::name)
              .toList();
      if (!names.isEmpty() && !installed(software)) {
        lines.add(
            "%s is not installed: Donut's own speaker stands in for %s (to have it: apt-get install %s)"
                .formatted(
                    software.name(),
                    String.join(", ", names),
                    software == Software.BIRD ? "bird2" : "frr"));
      }
    }
    return lines;
  }

  /// Starts to feed the daemons and to speak for who has none.
  ///
  /// @param feeds where feeders speak: the other end of every feed link
  /// @param software what each network runs
  public static LabNeighbors start(
      LiveNetwork network, Namespace feeds, RoutingTable table, Map<String, Software> software) {
    LabNeighbors neighbors = new LabNeighbors(network, table, software);
    try {
      neighbors.start(feeds);
      return neighbors;
    } catch (RuntimeException e) {
      neighbors.close();
      throw e;
    }
  }

  /// Those of a lab where every network, and what feeds them, is a node with a program of its own.
  public static LabNeighbors allNodes(
      LiveNetwork network, RoutingTable table, Map<String, Software> software) {
    return new LabNeighbors(network, table, software);
  }

  private void start(Namespace feeds) {
    List<LabNode.Network> fed = new ArrayList<>();
    for (LabNode.Network node : network.topology().networkNodes().toList()) {
      if (software.get(node.name()) == Software.DONUT) {
        startOwn(node);
      } else if (node.feed() > 0) {
        fed.add(node);
      }
    }
    if (!fed.isEmpty()) {
      NetworkNamespace inside = NetworkNamespace.open(feeds.name());
      open.add(inside);
      feeder = new Feeder(inside, fed, table);
      open.add(feeder);
    }
  }

  private void startOwn(LabNode.Network node) {
    Namespace namespace = network.namespace(node.name());
    NetworkNamespace inside = NetworkNamespace.open(namespace.name());
    open.add(inside);
    own.put(node.name(), new OwnRouter(network.topology(), node, table, namespace, inside));
  }

  /// Ends our own speaker of a network.
  public void stop(String node) {
    Objects.requireNonNull(own.remove(node), node).close();
  }

  /// Starts our own speaker of a network again after [#stop].
  public void restart(String node) {
    startOwn(network.topology().network(node));
  }

  /// Hurries the feeder's sessions: the daemons may not have listened when they were first tried.
  public void kickFeeds() {
    if (feeder != null) {
      feeder.kick();
    }
  }

  @Override
  public void close() {
    own.values().forEach(OwnRouter::close);
    own.clear();
    for (AutoCloseable resource : open.reversed()) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new LabException("close of " + resource + ": " + e.getMessage(), e);
      }
    }
    open.clear();
  }
}
