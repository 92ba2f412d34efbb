package net.donut.lab.clab.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.donut.lab.clab.model.LinkDefinition;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.Profile;
import net.donut.lab.net.DirectoryTree;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabFaults;
import net.donut.lab.net.ProcessId;
import org.jspecify.annotations.Nullable;

/// What exists of a lab, in `/run/donut/clab/LAB/state.json`: written before anything of it is
/// made, so that `destroy` and the next `deploy` find what a killed process left.
///
/// @param text what the topology file became: YAML without templates and variables
/// @param owner the process that is deploying, pid 0 when none is
/// @param namespaces what may be deleted, with every process inside
/// @param bridges the nodes of kind bridge; null in a record of a former version
public record LabRecord(
    String lab,
    String topology,
    String text,
    String directory,
    String user,
    RuntimeKind runtime,
    ProcessId owner,
    Phase phase,
    List<String> namespaces,
    List<Node> nodes,
    List<Link> links,
    @Nullable List<String> bridges) {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();
  private static final Path ROOT = Path.of("/run/donut/clab");
  private static final ProcessId NOBODY = new ProcessId("", 0, 0);

  /// How far a lab is.
  public enum Phase {
    DEPLOYING,
    RUNNING
  }

  /// A node; `profile` is a word of [Profile], empty where none is known.
  public record Node(
      String name,
      String container,
      String namespace,
      String kind,
      String image,
      String profile,
      String user,
      String ipv4,
      int ipv4Length,
      String ipv6,
      int ipv6Length,
      List<String> healthCheck,
      List<String> exec,
      Map<String, String> environment,
      Map<String, String> labels) {
    /// Whether it is a container that others started.
    public boolean isExternal() {
      return kind.equals(NodeDefinition.Kind.EXT_CONTAINER.word());
    }
  }

  /// A link; wire ends are `wNa` and `wNb` of the wire namespace.
  public record Link(
      int number, String name, String type, int mtu, Map<String, Object> vars, End a, End b) {
    /// Whether it leads to nothing.
    public boolean isDummy() {
      return type.equals(LinkDefinition.Type.DUMMY.name());
    }

    /// Whether it leads out of the lab.
    public boolean isOutside() {
      return type.equals(LinkDefinition.Type.OUTSIDE.name());
    }

    private boolean isNamed(String text) {
      return List.of(name, b + "-" + a, a.toString(), b.toString()).contains(text);
    }

    /// Whether a text names both of its nodes, as `r1:r2` or `r1-r2`.
    private boolean isBetween(String text) {
      return List.of(":", "-").stream()
          .anyMatch(sign ->
              text.equals(a.node() + sign + b.node()) || text.equals(b.node() + sign + a.node()));
    }
  }

  /// An interface of a node.
  public record End(String node, String device, String mac, String namespace) {
    @Override
    public String toString() {
      return node + ":" + device;
    }
  }

  /// The record of a plan of which nothing exists yet.
  public static LabRecord of(Plan plan) {
    return new LabRecord(
        plan.lab(),
        plan.file().toString(),
        plan.text(),
        plan.directory().toString(),
        plan.owner(),
        plan.runtime(),
        ProcessId.self("deploy"),
        Phase.DEPLOYING,
        plan.namespaces(),
        plan.nodes().stream().map(node -> node(plan, node)).toList(),
        plan.links().stream().map(LabRecord::link).toList(),
        plan.bridges().stream().map(Plan.Bridge::name).toList());
  }

  private static Node node(Plan plan, Plan.Node node) {
    net.donut.lab.clab.model.HealthCheck health = node.definition().life().health();
    Plan.ManagementNetwork.Subnet ipv6 = plan.management().ipv6();
    return new Node(
        node.name(),
        node.container(),
        node.namespace(),
        node.definition().kind().word(),
        node.definition().image(),
        node.known().map(Profile::word).orElse(""),
        node.definition().start().user(),
        node.ipv4() == null ? "" : node.ipv4().toString(),
        plan.management().ipv4().prefix().length(),
        node.ipv6() == null ? "" : node.ipv6().toString(),
        ipv6 == null ? 0 : ipv6.prefix().length(),
        health == null ? List.of() : health.command(),
        node.definition().start().exec(),
        node.environment(),
        node.labels());
  }

  private static Link link(Plan.Link link) {
    LinkDefinition definition = link.definition();
    return new Link(
        link.number(),
        link.name(),
        definition.type().name(),
        definition.mtu(),
        definition.vars(),
        end(link.a()),
        end(link.b()));
  }

  private static End end(Plan.End end) {
    return new End(end.node(), end.device(), end.mac(), end.namespace());
  }

  /// Where a lab's state is.
  public static Path directoryOf(String lab) {
    if (!lab.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}")) {
      throw new LabException(
          "lab name: '" + lab + "' (expected: letters, digits and ._-, at most 64)");
    }
    return ROOT.resolve(lab);
  }

  /// The names of the labs that exist, wholly or in part.
  public static List<String> names() {
    if (!Files.isDirectory(ROOT)) {
      return List.of();
    }
    try (Stream<Path> labs = Files.list(ROOT)) {
      return labs.filter(lab -> Files.exists(lab.resolve("state.json")))
          .map(lab -> lab.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw LabException.of(ROOT, e);
    }
  }

  /// The record on disk; empty when there is no such lab.
  public static Optional<LabRecord> read(String lab) {
    Path file = directoryOf(lab).resolve("state.json");
    try {
      return Files.exists(file)
          ? Optional.of(JSON.readValue(Files.readAllBytes(file), LabRecord.class))
          : Optional.empty();
    } catch (IOException e) {
      throw LabException.of(file, e);
    }
  }

  /// The record of a lab that must be there. Throws LabException saying how to get it.
  public static LabRecord require(String lab) {
    return read(lab)
        .orElseThrow(() ->
            new LabException(
                "no lab '"
                    + lab
                    + "' is deployed (labs: "
                    + names()
                    + "): deploy it with: donut lab deploy -t FILE"));
  }

  /// All labs that were deployed from a file.
  public static List<LabRecord> deployedFrom(Path topology) {
    return names().stream()
        .flatMap(name -> read(name).stream())
        .filter(lab -> lab.topology().equals(topology.toString()))
        .toList();
  }

  /// Writes the record, whole or not at all.
  public void write() {
    Path directory = directoryOf(lab);
    try {
      Files.createDirectories(directory);
      Path next = directory.resolve("state.json.next");
      Files.writeString(
          next, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
      Files.move(
          next,
          directory.resolve("state.json"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw LabException.of(directory, e);
    }
  }

  /// Deletes the state and the directories of the nodes.
  public void delete() {
    DirectoryTree.delete(directoryOf(lab));
  }

  /// The same, complete.
  public LabRecord running() {
    return new LabRecord(
        lab,
        topology,
        text,
        directory,
        user,
        runtime,
        NOBODY,
        Phase.RUNNING,
        namespaces,
        nodes,
        links,
        bridges);
  }

  /// The same with a namespace beside those of its nodes: whoever destroys the lab deletes it too.
  public LabRecord with(String namespace) {
    return new LabRecord(
        lab,
        topology,
        text,
        directory,
        user,
        runtime,
        owner,
        phase,
        Stream.concat(namespaces.stream(), Stream.of(namespace)).toList(),
        nodes,
        links,
        bridges);
  }

  /// Whether a node is a bridge of the lab: it runs no program.
  public boolean isBridge(String name) {
    return bridges != null && bridges.contains(name);
  }

  public boolean isBeingDeployed() {
    return phase == Phase.DEPLOYING && owner.pid() != 0 && owner.isAlive();
  }

  /// A node by its name or its container's. Throws LabException when there is none.
  public Node node(String name) {
    return nodes.stream()
        .filter(node -> node.name().equals(name) || node.container().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new LabException(
                "node: '"
                    + name
                    + "' (expected one of: "
                    + String.join(", ", nodes.stream().map(Node::name).toList())
                    + ")"));
  }

  /// A link by its name or one of its ends, else by its two nodes. Throws LabException when there
  /// is none, or more than one.
  public Link link(String name) {
    List<Link> found = links.stream().filter(link -> link.isNamed(name)).toList();
    if (found.isEmpty()) {
      found = links.stream().filter(link -> link.isBetween(name)).toList();
    }
    if (found.size() != 1) {
      throw new LabException(
          "link: '%s' is %s (expected one of: %s)"
              .formatted(
                  name,
                  found.isEmpty() ? "none of this lab" : "more than one",
                  String.join(
                      ", ", (found.isEmpty() ? links : found).stream().map(Link::name).toList())));
    }
    return found.getFirst();
  }

  /// The namespaces of nodes that others started.
  public List<String> borrowed() {
    return nodes.stream().filter(Node::isExternal).map(Node::namespace).toList();
  }

  /// What is cut in it.
  public LabFaults faults() {
    return new LabFaults(directoryOf(lab));
  }

  /// Where a node's status and console are.
  public Path nodeDirectory(String node) {
    return directoryOf(lab).resolve("nodes").resolve(node);
  }
}
