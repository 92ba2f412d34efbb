package net.donut.lab.bench;

import java.nio.file.Path;
import java.util.List;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.net.Cuts;
import net.donut.lab.net.Namespace;
import net.donut.lab.run.DeployedNetwork;
import net.donut.lab.run.DonutFiles;
import net.donut.lab.run.HeldLab;

/// The deployed lab of a bench: nodes without programs, in which the bench starts what it measures.
/// Owned by the thread that runs the bench.
final class BenchLab implements AutoCloseable {
  private final DeployedLab deployed;
  private final String name;

  private BenchLab(String name, DeployedLab deployed) {
    this.name = name;
    this.deployed = deployed;
  }

  /// Deploys nodes and links, in the place of what a killed bench of this name has left.
  ///
  /// @param links pairs of ends, such as `router:feed1` and `feed1:router`
  static BenchLab deploy(HeldLab held, List<String> nodes, List<List<String>> links) {
    DeployedNetwork.destroy(held);
    String name = DonutFiles.deployedName(held.lab());
    Path file = held.directory().resolve(name + ".clab.yml");
    Configurations.write(file, yaml(name, nodes, links));
    return new BenchLab(
        name, DeployedLab.deploy(DeployedLab.plan(file, RuntimeKind.NETNS, "", held.directory())));
  }

  private static String yaml(String name, List<String> nodes, List<List<String>> links) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("name: ").append(name).append("\nprefix: __lab-name\ntopology:\n");
    yaml.append("  defaults:\n    kind: linux\n    image: alpine:3.20\n");
    yaml.append("    network-mode: none\n    restart-policy: \"no\"\n  nodes:\n");
    nodes.forEach(node -> yaml.append("    ").append(node).append(": {}\n"));
    yaml.append("  links:\n");
    links.forEach(
        ends -> yaml.append("    - endpoints: [\"%s\"]\n".formatted(String.join("\", \"", ends))));
    return yaml.toString();
  }

  /// The namespace of a node.
  Namespace namespace(String node) {
    return new Namespace(deployed.record().node(node).namespace());
  }

  /// The namespace of a node that the bench makes and deletes by itself; what is left of it goes
  /// with the lab.
  Namespace reserve(String node) {
    LabRecord record = deployed.record();
    Namespace reserved = new Namespace(name + "-" + node);
    record.with(reserved.name()).write();
    return reserved;
  }

  /// What cuts its links.
  Cuts cuts() {
    return deployed.cuts();
  }

  @Override
  public void close() {
    deployed.close();
  }
}
