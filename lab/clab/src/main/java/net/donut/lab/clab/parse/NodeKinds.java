package net.donut.lab.clab.parse;

import java.util.HashSet;
import java.util.Set;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.FilePlace;
import net.donut.lab.clab.model.LeftOut;
import net.donut.lab.clab.model.NodeDefinition.Kind;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.model.TopologyProblems;
import org.jspecify.annotations.Nullable;

/// The kinds of nodes that a runtime can be, and the nodes that were left out because it cannot.
/// Owned by the thread that reads the file.
final class NodeKinds {
  private final LabValueReader reading;
  private final TopologyReader.Unsupported unsupported;
  private final Set<String> skipped = new HashSet<>();

  NodeKinds(LabValueReader reading, TopologyReader.Unsupported unsupported) {
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
    if (unsupported != TopologyReader.Unsupported.REFUSE) {
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

  /// Tells that a node lacks something here: a mistake, or why the node is left out.
  void lacks(String node, FilePlace place, String message) {
    switch (unsupported) {
      case REFUSE -> reading.problems().error(place, message);
      case SKIP -> {
        skipped.add(node);
        reading.problems().warning(place, message + ": skipped, with its links");
      }
      case STANDS -> {}
    }
  }

  boolean skips(String node) {
    return skipped.contains(node);
  }

  /// The topology without the nodes that were left out, and without what hangs on them. A node that
  /// is a mistake leaves without a word more.
  ClabTopology rest(ClabTopology topology) {
    TopologyProblems told =
        switch (unsupported) {
          case REFUSE, STANDS -> new TopologyProblems();
          case SKIP -> reading.problems();
        };
    return LeftOut.take(topology, skipped, told);
  }
}
