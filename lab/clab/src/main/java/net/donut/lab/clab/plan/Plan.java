package net.donut.lab.clab.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.donut.lab.clab.model.LinkDefinition;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.model.TopologyProblems;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// A lab as it will be made.
///
/// @param file the topology file, absolute
/// @param text what the file became: YAML without templates and variables
/// @param directory where the lab keeps its files
/// @param notes what is other than with containerlab, a sentence each
public record Plan(
    String lab,
    String prefix,
    Path file,
    String text,
    Path directory,
    String owner,
    RuntimeKind runtime,
    ManagementNetwork management,
    List<Node> nodes,
    List<Bridge> bridges,
    List<Link> links,
    List<String> notes) {

  /// The management network; addresses of the bridge are the gateways.
  ///
  /// @param ipv6 null where the file gives an IPv4 subnet alone
  public record ManagementNetwork(
      String network, String bridge, Subnet ipv4, @Nullable Subnet ipv6, int mtu) {
    /// One family of it.
    public record Subnet(Prefix prefix, IpAddress gateway) {}
  }

  /// A node that runs programs.
  ///
  /// @param container its observable name
  /// @param namespace the network namespace it lives in, which may be another node's
  /// @param profile what stands for its image; null where none is known
  /// @param ipv4 of `eth0`; null without a management interface
  public record Node(
      NodeDefinition definition,
      String container,
      String namespace,
      @Nullable Profile profile,
      Map<String, String> environment,
      Map<String, String> labels,
      @Nullable IpAddress ipv4,
      @Nullable IpAddress ipv6) {
    public Node {
      environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
      labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    public String name() {
      return definition.name();
    }

    /// What stands for its image, where that is known.
    public Optional<Profile> known() {
      return Optional.ofNullable(profile);
    }
  }

  /// A management address and its names.
  public record Host(IpAddress address, List<String> names) {
    public Host {
      names = List.copyOf(names);
    }
  }

  /// A node of kind bridge: a bridge of the lab's host namespace.
  public record Bridge(String name) {}

  /// A link through the wire namespace.
  ///
  /// @param number from 0, in the order of the file
  public record Link(int number, LinkDefinition definition, End a, End b) {
    public String name() {
      return definition.name();
    }

    /// The ends that are interfaces of the lab, one for a link that leads out of it or to nothing.
    public List<End> ends() {
      return definition.hasOneEnd() ? List.of(a) : List.of(a, b);
    }
  }

  /// An interface.
  ///
  /// @param namespace where it is; empty for the end of a link that leads out of the lab or to
  ///   nothing
  /// @param bridge what it is a port of; empty for none
  public record End(String node, String device, String mac, String namespace, String bridge) {
    @Override
    public String toString() {
      return node + ":" + device;
    }
  }

  public Plan {
    nodes = List.copyOf(nodes);
    bridges = List.copyOf(bridges);
    links = List.copyOf(links);
    notes = List.copyOf(notes);
  }

  /// The same plan with the warnings of checks before its notes.
  Plan withNotes(TopologyProblems told) {
    List<String> all =
        new ArrayList<>(
            told.warnings().stream()
                .map(warning -> warning.place() + ": " + warning.message())
                .toList());
    all.addAll(notes);
    return new Plan(
        lab, prefix, file, text, directory, owner, runtime, management, nodes, bridges, links, all);
  }

  /// Where links meet: the wires between their ends.
  public String wireNamespace() {
    return wireNamespace(lab);
  }

  public static String wireNamespace(String lab) {
    return "donut-clab-" + lab + "-wire";
  }

  /// What stands for the host: bridges, the management network, the host's end of links.
  public String hostNamespace() {
    return hostNamespace(lab);
  }

  public static String hostNamespace(String lab) {
    return "donut-clab-" + lab + "-host";
  }

  /// What will have to be deleted, known before anything is made.
  public List<String> namespaces() {
    Set<String> names = new LinkedHashSet<>(List.of(wireNamespace(), hostNamespace()));
    nodes.forEach(node -> names.add(node.namespace()));
    external().forEach(node -> names.remove(node.namespace()));
    return List.copyOf(names);
  }

  /// Every name that the lab will have in `/run/netns`.
  public List<String> networks() {
    Set<String> names = new LinkedHashSet<>(namespaces());
    external().forEach(node -> names.add(node.namespace()));
    return List.copyOf(names);
  }

  /// What every node finds the others by, as in `/etc/hosts`.
  public List<Host> hosts() {
    List<Host> hosts = new ArrayList<>();
    for (Node node : nodes) {
      List<String> names = new ArrayList<>(List.of(node.container(), node.name()));
      names.addAll(node.definition().network().aliases());
      Stream.of(node.ipv4(), node.ipv6())
          .filter(Objects::nonNull)
          .forEach(address -> hosts.add(new Host(address, names)));
    }
    return hosts;
  }

  /// The nodes that others started: their namespaces are only named, and stay.
  public List<Node> external() {
    return nodes.stream().filter(node -> node.definition().isExternal()).toList();
  }

  /// Whether a namespace is that of a node which others started.
  public boolean isExternal(String namespace) {
    return external().stream().anyMatch(node -> node.namespace().equals(namespace));
  }

  public Optional<Node> node(String name) {
    return nodes.stream()
        .filter(node -> node.name().equals(name) || node.container().equals(name))
        .findFirst();
  }
}
