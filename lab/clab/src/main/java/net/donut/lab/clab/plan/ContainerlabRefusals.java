package net.donut.lab.clab.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.lab.clab.model.Bind;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.Stage;

/// What of a topology deploys here and not with containerlab (0.79), one sentence per finding.
///
/// containerlab orders nodes, not stages: a node that waits for any stage of another comes after
/// it, and every node without a static management address comes after every node with one. It looks
/// at the sources of binds before it makes anything.
final class ContainerlabRefusals {
  /// What containerlab makes in its lab directory before nodes, so that binds may name it.
  private static final Set<String> MADE =
      Set.of("ansible-inventory.yml", "topology-data.json", ".tls");

  private final ClabTopology topology;
  private final Path labDirectory;

  ContainerlabRefusals(ClabTopology topology, Path labDirectory) {
    this.topology = topology;
    this.labDirectory = labDirectory;
  }

  List<String> find() {
    List<String> found = new ArrayList<>();
    Map<String, NodeDefinition> nodes = new LinkedHashMap<>();
    topology.nodes().forEach(node -> nodes.put(node.name(), node));
    for (NodeDefinition node : topology.nodes()) {
      addressOrder(node, nodes, found);
      binds(node, found);
    }
    circle(nodes, found);
    return found;
  }

  private static void addressOrder(
      NodeDefinition node, Map<String, NodeDefinition> nodes, List<String> found) {
    if (!isStatic(node)) {
      return;
    }
    for (String other : waitsFor(node)) {
      NodeDefinition before = nodes.get(other);
      if (before != null && !isStatic(before)) {
        found.add(
            ("node %s has a static management address and waits for %s, which has none:"
                    + " containerlab makes nodes with one before all others, and refuses (give %s a"
                    + " mgmt-ipv4 too)")
                .formatted(node.name(), other, other));
      }
    }
  }

  private void binds(NodeDefinition node, List<String> found) {
    for (Bind bind : node.files().binds()) {
      if (bind.source().startsWith(labDirectory)
          && !MADE.contains(labDirectory.relativize(bind.source()).toString())) {
        found.add(
            ("node %s binds %s of the lab directory: containerlab refuses a source that is not there"
                    + " before the deployment (bind a folder beside the file that exists)")
                .formatted(node.name(), labDirectory.relativize(bind.source())));
      }
    }
  }

  /// Nodes of which each waits for some stage of the next: with stages that may still end.
  private static void circle(Map<String, NodeDefinition> nodes, List<String> found) {
    Map<String, Set<String>> left = new LinkedHashMap<>();
    nodes.forEach((name, node) -> left.put(name, waitsFor(node)));
    boolean isShrinking = true;
    while (isShrinking) {
      Set<String> names = new HashSet<>(left.keySet());
      isShrinking = left.values().removeIf(waits -> waits.stream().noneMatch(names::contains));
    }
    Set<String> waitedFor = new HashSet<>();
    left.values().forEach(waitedFor::addAll);
    List<String> inCircle = left.keySet().stream().filter(waitedFor::contains).toList();
    if (!inCircle.isEmpty()) {
      found.add(
          "nodes %s wait for stages of each other: containerlab refuses every circle of nodes"
              .formatted(String.join(", ", inCircle)));
    }
  }

  private static boolean isStatic(NodeDefinition node) {
    return !node.network().ipv4().isEmpty() || !node.network().ipv6().isEmpty();
  }

  private static Set<String> waitsFor(NodeDefinition node) {
    Set<String> names = new LinkedHashSet<>();
    for (Stage stage : Stage.values()) {
      node.life().rules(stage).waits().forEach(wait -> names.add(wait.node()));
    }
    return names;
  }
}
