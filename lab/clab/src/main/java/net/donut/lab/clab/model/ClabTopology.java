package net.donut.lab.clab.model;

import java.nio.file.Path;
import java.util.List;

/// A topology file as containerlab reads it, with every node's inheritance resolved.
///
/// @param name the lab's name
/// @param prefix what container names begin with; see [#containerName]
/// @param file the topology file, absolute
/// @param text what the file became: YAML without templates and variables
public record ClabTopology(
    String name,
    String prefix,
    Path file,
    String text,
    Management management,
    List<NodeDefinition> nodes,
    List<LinkDefinition> links) {
  /// The prefix where a file gives none.
  public static final String DEFAULT_PREFIX = "clab";

  public ClabTopology {
    nodes = List.copyOf(nodes);
    links = List.copyOf(links);
  }

  /// The name of a node's container; one that others started is named as its node.
  public String containerName(NodeDefinition node) {
    return node.isExternal() ? node.name() : containerName(node.name());
  }

  /// What the container of a node of this name is called: `clab-LAB-NODE`, unless the prefix says
  /// otherwise.
  public String containerName(String node) {
    return switch (prefix) {
      case "" -> node;
      case "__lab-name" -> name + "-" + node;
      default -> prefix + "-" + name + "-" + node;
    };
  }
}
