package net.donut.lab.clab.parse;

import java.util.HashSet;
import java.util.Set;
import net.donut.lab.clab.model.LinkDefinition;
import net.donut.lab.clab.model.NodeDefinition.Kind;
import net.donut.lab.clab.model.RuntimeKind;
import org.jspecify.annotations.Nullable;

/// The kinds of nodes that a runtime can be, and the nodes that were left out because it cannot.
/// Owned by the thread that reads the file.
final class NodeKinds {
  private final Reading reading;
  private final TopologyReader.Unsupported unsupported;
  private final Set<String> skipped = new HashSet<>();

  NodeKinds(Reading reading, TopologyReader.Unsupported unsupported) {
    this.reading = reading;
    this.unsupported = unsupported;
  }

  /// The kind of a word. Null, and a problem, when the node cannot run here.
  @Nullable Kind kind(String node, String word, Yaml.Section own) {
    String what = "topology.nodes." + node;
    Kind kind = Kind.of(word).filter(this::isOfRuntime).orElse(null);
    if (kind != null) {
      return kind;
    }
    if (word.isEmpty()) {
      reading
          .problems()
          .error(
              own.place(), what + ": no kind (expected: kind here, in its group or in defaults)");
      return null;
    }
    skipped.add(node);
    refuse(what + ": kind " + word, word, own);
    return null;
  }

  private boolean isOfRuntime(Kind kind) {
    return kind != Kind.EXT_CONTAINER || reading.runtime() == RuntimeKind.DOCKER;
  }

  private void refuse(String what, String word, Yaml.Section own) {
    boolean external = word.equals(Kind.EXT_CONTAINER.word());
    String why =
        what
            + switch (word) {
              case "ext-container" -> " is a container of Docker's";
              case "k8s-kind" -> " is a cluster of containers";
              case "ovs-bridge" -> " is a switch of Open vSwitch (kind bridge is a Linux one)";
              default -> " is a network operating system in an image of its own";
            };
    if (unsupported == TopologyReader.Unsupported.SKIP) {
      reading.problems().warning(own.place(), why + ": skipped, with its links");
      return;
    }
    String kinds = reading.runtime() == RuntimeKind.DOCKER ? ", ext-container" : "";
    reading
        .problems()
        .error(
            own.place(),
            why
                + " (expected: linux, frr"
                + kinds
                + ", bridge or host); deploy the rest with --skip-unsupported-nodes, or all of it"
                + (external ? " with --runtime docker" : " with containerlab"));
  }

  boolean skips(String node) {
    return skipped.contains(node);
  }

  /// Whether a link ends at a node that was left out.
  boolean skips(LinkDefinition link) {
    boolean touches = skips(link.a().node()) || skips(link.b().node());
    if (touches && unsupported == TopologyReader.Unsupported.SKIP) {
      reading
          .problems()
          .warning(link.place(), "link " + link.name() + ": skipped, with a node of its");
    }
    return touches;
  }
}
