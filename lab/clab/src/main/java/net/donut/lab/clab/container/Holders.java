package net.donut.lab.clab.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.lab.clab.model.NetworkMode;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.docker.Docker;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;

/// The containers that hold the networks of a lab's nodes: they sleep. Each network gets the name
/// of its namespace in `/run/netns`, so that links, cuts and captures find it as any other.
record Holders(Docker docker) {

  /// The container whose network a node joins: the holder, or one that others started.
  static String networkOf(Plan plan, Plan.Node node) {
    return plan.external().stream()
        .filter(other -> other.namespace().equals(node.namespace()))
        .findFirst()
        .map(Plan.Node::container)
        .orElseGet(() -> container(node.namespace()));
  }

  /// The holder of a namespace.
  static String container(String namespace) {
    return "donut-net-" + namespace;
  }

  /// What every container of a lab has.
  static String label(String lab) {
    return "donut-lab=" + lab;
  }

  /// Starts the holders of a plan and names their networks.
  void start(Plan plan) {
    Map<String, Plan.Node> owners = owners(plan);
    if (owners.isEmpty()) {
      return;
    }
    List<String> containers = new ArrayList<>();
    owners.forEach((namespace, node) -> {
      docker.run(words(plan, namespace, node));
      containers.add(container(namespace));
    });
    List<String> start = new ArrayList<>(List.of("start"));
    start.addAll(containers);
    docker.run(start);
    owners.keySet().forEach(namespace -> name(container(namespace), namespace));
  }

  /// The namespaces that nodes live in, each with the node it is of.
  static Map<String, Plan.Node> owners(Plan plan) {
    Map<String, Plan.Node> owners = new LinkedHashMap<>();
    for (Plan.Node node : plan.nodes()) {
      boolean shared = node.definition().network().mode() instanceof NetworkMode.Of;
      if (!shared && !node.definition().isExternal()) {
        owners.putIfAbsent(node.namespace(), node);
      }
    }
    return owners;
  }

  private static List<String> words(Plan plan, String namespace, Plan.Node node) {
    NodeDefinition definition = node.definition();
    List<String> words = new ArrayList<>(List.of("create", "--name", container(namespace)));
    words.addAll(List.of("--label", label(plan.lab()), "--network", "none"));
    words.addAll(List.of("--hostname", definition.start().hostname(), "--log-driver", "none"));
    for (Plan.Host host : plan.hosts()) {
      host.names()
          .forEach(name -> words.addAll(List.of("--add-host", name + ":" + host.address())));
    }
    NodeDefinition.NameService dns = definition.network().dns();
    dns.servers().forEach(server -> words.addAll(List.of("--dns", server)));
    dns.search().forEach(name -> words.addAll(List.of("--dns-search", name)));
    dns.options().forEach(option -> words.addAll(List.of("--dns-option", option)));
    words.addAll(List.of("--entrypoint", "sleep", NodeImages.LAB, "infinity"));
    return words;
  }

  /// Gives the network of a container that runs a name in `/run/netns`.
  void name(String container, String namespace) {
    ContainerState state =
        ContainerState.find(docker, container)
            .orElseThrow(() -> new LabException("container " + container + " is gone"));
    requireHere(state);
    Command.run("ip", "netns", "attach", namespace, Long.toString(state.pid()));
  }

  /// An engine elsewhere, or in a virtual machine, has process numbers that mean others here.
  static void requireHere(ContainerState state) {
    Path groups = Path.of("/proc", Long.toString(state.pid()), "cgroup");
    try {
      if (!Files.readString(groups).contains(state.id())) {
        throw new LabException(elsewhere());
      }
    } catch (IOException e) {
      throw new LabException(elsewhere(), e);
    }
  }

  private static String elsewhere() {
    return "the Docker engine runs on another machine (expected: on this one, with its processes in"
        + " sight): see DOCKER_HOST";
  }
}
