package net.donut.lab.clab.plan;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.lab.clab.model.Bind;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.FilePlace;
import net.donut.lab.clab.model.LinkDefinition;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.Outside;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.model.TopologyProblems;
import org.jspecify.annotations.Nullable;

/// Something that is looked for in every plan, by `validate` and by each deployment alike: what
/// would be refused when it is made is refused here, with its line. An error keeps the lab from
/// being deployed; a warning is told among the plan's notes.
@FunctionalInterface
interface PlanCheck {
  /// A plan, and where to tell what is wrong with it.
  record Subject(ClabTopology topology, Plan plan, TopologyProblems problems) {
    private FilePlace placeOf(String node) {
      return topology.nodes().stream()
          .filter(definition -> definition.name().equals(node))
          .map(NodeDefinition::place)
          .findFirst()
          .orElseGet(() -> topology.management().place());
    }
  }

  void look(Subject subject);

  /// All checks, in the order in which they look.
  List<PlanCheck> ALL =
      List.of(
          PlanCheck::names,
          PlanCheck::hostNames,
          PlanCheck::interfaces,
          PlanCheck::hardwareAddresses,
          PlanCheck::tunnels,
          PlanCheck::management,
          PlanCheck::binds,
          FrrDaemons::look);

  /// Names of namespaces and containers.
  private static void names(Subject subject) {
    Map<String, String> taken = new HashMap<>();
    taken.put(subject.plan.wireNamespace(), "the lab's wires");
    taken.put(subject.plan.hostNamespace(), "the lab's host");
    for (Plan.Node node : subject.plan.nodes()) {
      String what =
          "topology.nodes.%s: its container's name is %s".formatted(node.name(), node.container());
      String other = taken.putIfAbsent(node.container(), "node " + node.name());
      if (other != null) {
        error(
            subject, node, what + ", which is that of " + other + " (expected: a name of its own)");
      }
      if (!node.container().matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*")
          || node.container().length() > 200) {
        error(
            subject,
            node,
            what
                + " (expected: at most 200 letters, digits and _.-): change the prefix or the node's"
                + " name");
      }
    }
  }

  private static void hostNames(Subject subject) {
    for (Plan.Node node : subject.plan.nodes()) {
      String name = node.definition().start().hostname();
      if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}")) {
        error(
            subject,
            node,
            "topology.nodes.%s.hostname: '%s' (expected: at most 63 letters, digits and _.-)"
                .formatted(node.name(), name));
      }
    }
  }

  /// Every interface of a namespace has a name of its own; nodes may share one.
  private static void interfaces(Subject subject) {
    Plan plan = subject.plan;
    Map<String, String> taken = new HashMap<>();
    for (String namespace : plan.networks()) {
      taken.put(namespace + " lo", "the loopback");
    }
    String host = plan.hostNamespace();
    take(subject, taken, host, plan.management().bridge(), "the management bridge", null);
    int ports = 0;
    for (Plan.Node node : plan.nodes()) {
      if (node.ipv4() != null) {
        take(
            subject,
            taken,
            node.namespace(),
            "eth0",
            "the management interface of " + node.name(),
            null);
        taken.put(host + " m" + ports++, "the management port of " + node.name());
      }
    }
    for (Plan.Bridge bridge : plan.bridges()) {
      take(
          subject,
          taken,
          host,
          bridge.name(),
          "the bridge " + bridge.name(),
          subject.placeOf(bridge.name()));
    }
    for (Plan.Link link : plan.links()) {
      for (Plan.End end : link.ends()) {
        take(
            subject,
            taken,
            end.namespace(),
            end.device(),
            end + " of link " + link.name(),
            link.definition().place());
      }
    }
  }

  private static void take(
      Subject subject,
      Map<String, String> taken,
      String namespace,
      String device,
      String what,
      @Nullable FilePlace place) {
    String other = taken.putIfAbsent(namespace + " " + device, what);
    if (other != null) {
      subject.problems.error(
          place == null ? subject.topology.management().place() : place,
          "%s: an interface '%s' is there already: %s (expected: another name)"
              .formatted(what, device, other));
    }
  }

  /// An interface has the address of one station, and not of none.
  private static void hardwareAddresses(Subject subject) {
    for (Plan.Link link : subject.plan.links()) {
      for (Plan.End end : link.ends()) {
        int first = Integer.parseInt(end.mac().substring(0, 2), 16);
        if ((first & 1) == 1 || end.mac().equals("00:00:00:00:00:00")) {
          subject.problems.error(
              link.definition().place(),
              "link %s: mac %s of %s (expected: the address of one station, such as aa:c1:ab:00:00:01)"
                  .formatted(link.name(), end.mac(), end));
        }
      }
    }
  }

  /// Two tunnels of this machine cannot have the same identifier and port.
  private static void tunnels(Subject subject) {
    Set<String> taken = new HashSet<>();
    for (Plan.Link link : subject.plan.links()) {
      LinkDefinition definition = link.definition();
      if (definition.outside() instanceof Outside.Vxlan vxlan
          && !taken.add(vxlan.vni() + " " + vxlan.destinationPort())) {
        subject.problems.error(
            definition.place(),
            "link %s: vni %d at port %d is taken by another link (expected: one of its own)"
                .formatted(link.name(), vxlan.vni(), vxlan.destinationPort()));
      }
    }
  }

  /// The bridge's name is one of an interface; below 1280 bytes there is no IPv6 (RFC 8200 §5).
  private static void management(Subject subject) {
    Plan.ManagementNetwork management = subject.plan.management();
    FilePlace place = subject.topology.management().place();
    if (!management.bridge().matches("[^/:\\s]{1,15}") || management.bridge().matches("[.]{1,2}")) {
      subject.problems.error(
          place,
          "mgmt.bridge: '%s' (expected: 1..15 characters without / and blanks)"
              .formatted(management.bridge()));
    }
    if (management.ipv6() != null && management.mtu() < 1280) {
      subject.problems.error(
          place,
          "mgmt.mtu: %d (expected: 1280..65535, as the network has IPv6)"
              .formatted(management.mtu()));
    }
  }

  /// A file cannot be put over a directory of this machine, nor a directory over a file.
  private static void binds(Subject subject) {
    if (subject.plan.runtime() != RuntimeKind.NETNS) {
      return;
    }
    for (Plan.Node node : subject.plan.nodes()) {
      List<String> before = new ArrayList<>();
      for (Bind bind : node.definition().files().binds()) {
        Path destination = Path.of(bind.destination());
        boolean covered = before.stream().anyMatch(other -> destination.startsWith(Path.of(other)));
        boolean known = !covered && Files.exists(bind.source()) && Files.exists(destination);
        before.add(bind.destination());
        boolean isDirectory = Files.isDirectory(bind.source());
        if (known && isDirectory != Files.isDirectory(destination)) {
          error(
              subject,
              node,
              "topology.nodes.%s.binds: '%s' is a %s and %s is a %s (expected: two of a kind)"
                  .formatted(
                      node.name(),
                      bind.source(),
                      isDirectory ? "directory" : "file",
                      destination,
                      isDirectory ? "file" : "directory"));
        }
      }
    }
  }

  private static void error(Subject subject, Plan.Node node, String message) {
    subject.problems.error(node.definition().place(), message);
  }
}
