package net.donut.lab.clab.plan;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.FilePlace;
import net.donut.lab.clab.model.LeftOut;
import net.donut.lab.clab.model.LinkDefinition;
import net.donut.lab.clab.model.LinkDefinition.Endpoint;
import net.donut.lab.clab.model.Management;
import net.donut.lab.clab.model.NetworkMode;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.NodeDefinition.Kind;
import net.donut.lab.clab.model.Outside;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.model.TopologyProblems;
import net.donut.lab.clab.parse.LabDirectory;
import net.donut.lab.clab.parse.TopologyReader.Unsupported;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// A topology to a [Plan]. Owned by the thread that plans.
public final class Planner {
  /// The management network where a file says nothing of it.
  private static final Prefix IPV4 = Prefix.parse("172.20.20.0/24");

  private static final Prefix IPV6 = Prefix.parse("3fff:172:20:20::/64");

  private static final String SKIP_OPTION = "--skip-unsupported-nodes";

  private final ClabTopology topology;
  private final Images images;
  private final Map<String, List<NodeDefinition>> unknownImages = new LinkedHashMap<>();
  private final Map<String, List<NodeDefinition>> missingPrograms = new LinkedHashMap<>();
  private final RuntimeKind runtime;
  private final Map<String, String> environment;
  private final TopologyProblems problems = new TopologyProblems();
  private final List<String> notes = new ArrayList<>();

  private Planner(
      ClabTopology topology, Images images, RuntimeKind runtime, Map<String, String> environment) {
    this.topology = topology;
    this.images = images;
    this.runtime = runtime;
    this.environment = environment;
  }

  /// Plans a lab. Throws LabException with everything that this machine lacks for it.
  public static Plan plan(
      ClabTopology topology, Images images, RuntimeKind runtime, Map<String, String> environment) {
    return plan(topology, images, runtime, environment, Unsupported.REFUSE);
  }

  /// The same, where nodes with an image that nothing stands for may be left out.
  public static Plan plan(
      ClabTopology topology,
      Images images,
      RuntimeKind runtime,
      Map<String, String> environment,
      Unsupported unsupported) {
    Planner planner = new Planner(topology, images, runtime, environment);
    Plan plan = planner.plan();
    Set<String> lacking = planner.lacking();
    if (unsupported == Unsupported.SKIP && !lacking.isEmpty()) {
      TopologyProblems skipped = new TopologyProblems();
      planner.tellLacking(skipped::warning, Unsupported.SKIP);
      ClabTopology rest = LeftOut.take(topology, lacking, skipped);
      return plan(rest, images, runtime, environment, Unsupported.REFUSE).withNotes(skipped);
    }
    planner.tellLacking(planner.problems::error, Unsupported.REFUSE);
    PlanCheck.ALL.forEach(
        check -> check.look(new PlanCheck.Subject(topology, plan, planner.problems)));
    if (!planner.problems.errors().isEmpty()) {
      throw new LabException(
          String.join("\n", planner.problems.errors().stream().map(Object::toString).toList()));
    }
    return plan.withNotes(planner.problems);
  }

  private Plan plan() {
    Path directory = LabDirectory.of(topology.file(), topology.name(), environment);
    Addresses ipv4 = addresses("mgmt.ipv4: ", topology.management().ipv4(), IPV4);
    Addresses ipv6 =
        topology.management().isIpv4Only()
            ? null
            : addresses("mgmt.ipv6: ", topology.management().ipv6(), IPV6);
    List<Plan.Node> nodes = nodes(directory, ipv4, ipv6);
    List<Plan.Bridge> bridges = bridges();
    List<Plan.Link> links = links(nodes);
    notes(directory);
    Management given = topology.management();
    Plan.ManagementNetwork management =
        new Plan.ManagementNetwork(
            given.network(),
            bridge(),
            new Plan.ManagementNetwork.Subnet(ipv4.subnet(), ipv4.gateway()),
            ipv6 == null ? null : new Plan.ManagementNetwork.Subnet(ipv6.subnet(), ipv6.gateway()),
            given.mtu());
    return new Plan(
        topology.name(),
        topology.prefix(),
        topology.file(),
        topology.text(),
        directory,
        owner(),
        runtime,
        management,
        nodes,
        bridges,
        links,
        notes);
  }

  private String bridge() {
    Management given = topology.management();
    return given.bridge().isEmpty() ? "br-" + hash(given.network()) : given.bridge();
  }

  private String owner() {
    String sudo = environment.getOrDefault("SUDO_USER", "");
    return sudo.isEmpty() ? System.getProperty("user.name", "root") : sudo;
  }

  private Addresses addresses(String what, Management.Subnet given, Prefix usual) {
    try {
      return Addresses.of(given, usual);
    } catch (IllegalArgumentException e) {
      problems.error(topology.management().place(), what + e.getMessage());
      return Addresses.of(new Management.Subnet("", "", ""), usual);
    }
  }

  private List<Plan.Node> nodes(Path directory, Addresses ipv4, @Nullable Addresses ipv6) {
    List<NodeDefinition> running =
        topology.nodes().stream()
            .filter(node -> node.kind() != Kind.BRIDGE && node.kind() != Kind.HOST)
            .toList();
    Map<String, IpAddress> fixed = new HashMap<>();
    for (NodeDefinition node : running) {
      claim(node, node.network().ipv4(), ipv4, fixed);
      claim(node, node.network().ipv6(), ipv6, fixed);
    }
    List<Plan.Node> nodes = new ArrayList<>();
    for (NodeDefinition node : running) {
      boolean own = node.network().mode() instanceof NetworkMode.Own && !node.isExternal();
      nodes.add(
          new Plan.Node(
              node,
              topology.containerName(node),
              namespace(node),
              profile(node),
              environment(node),
              labels(node, directory),
              own ? address(node, node.network().ipv4(), ipv4, fixed) : null,
              own ? address(node, node.network().ipv6(), ipv6, fixed) : null));
    }
    return nodes;
  }

  private void claim(
      NodeDefinition node,
      String text,
      @Nullable Addresses addresses,
      Map<String, IpAddress> fixed) {
    if (text.isEmpty()) {
      return;
    }
    if (addresses == null) {
      problems.error(
          node.place(),
          "topology.nodes.%s: management address %s (expected: mgmt.ipv6-subnet too, as mgmt gives"
                  .formatted(node.name(), text)
              + " an IPv4 subnet alone)");
      return;
    }
    IpAddress address = IpAddress.parse(text);
    if (addresses.claim(address)) {
      fixed.put(node.name() + text, address);
    } else {
      problems.error(
          node.place(),
          "topology.nodes.%s: management address %s (expected: a free one of %s)"
              .formatted(node.name(), text, addresses.subnet()));
    }
  }

  private @Nullable IpAddress address(
      NodeDefinition node,
      String text,
      @Nullable Addresses addresses,
      Map<String, IpAddress> fixed) {
    if (addresses == null) {
      return null;
    }
    IpAddress given = fixed.get(node.name() + text);
    if (given != null) {
      return given;
    }
    Optional<IpAddress> next = addresses.take();
    if (next.isEmpty()) {
      problems.error(
          node.place(),
          "topology.nodes.%s: no management address is left in %s (expected: a larger subnet)"
              .formatted(node.name(), addresses.subnet()));
    }
    return next.orElse(null);
  }

  private String namespace(NodeDefinition node) {
    if (node.isExternal()) {
      return topology.containerName(node.name());
    }
    return switch (node.network().mode()) {
      case NetworkMode.Own _, NetworkMode.None _ -> topology.containerName(node.name());
      case NetworkMode.Host _ -> Plan.hostNamespace(topology.name());
      case NetworkMode.Of(String other) ->
          topology.nodes().stream()
              .filter(candidate -> candidate.name().equals(other) && !other.equals(node.name()))
              .findFirst()
              .filter(candidate ->
                  candidate.isExternal() || !(candidate.network().mode() instanceof NetworkMode.Of))
              .map(this::namespace)
              .orElseGet(() -> {
                problems.error(
                    node.place(),
                    "topology.nodes.%s.network-mode: container:%s (expected: a node with a network"
                            .formatted(node.name(), other)
                        + " of its own)");
                return topology.containerName(node.name());
              });
    };
  }

  private @Nullable Profile profile(NodeDefinition node) {
    Profile profile =
        node.kind() == Kind.FRR ? Profile.FRR : images.profile(node.image()).orElse(null);
    return switch (runtime) {
      case NETNS -> requireProgram(node, profile);
      case DOCKER -> profile;
    };
  }

  private Profile requireProgram(NodeDefinition node, @Nullable Profile profile) {
    if (profile == null) {
      unknownImages.computeIfAbsent(node.image(), _ -> new ArrayList<>()).add(node);
      return Profile.IDLE;
    }
    boolean there =
        profile.program().startsWith("/")
            ? Files.isExecutable(Path.of(profile.program()))
            : Command.exists(profile.program());
    if (!there) {
      missingPrograms.computeIfAbsent(node.image(), _ -> new ArrayList<>()).add(node);
    }
    return profile;
  }

  /// The nodes that this machine cannot be.
  private Set<String> lacking() {
    return Stream.concat(unknownImages.values().stream(), missingPrograms.values().stream())
        .flatMap(List::stream)
        .map(NodeDefinition::name)
        .collect(Collectors.toSet());
  }

  /// One line per image, however many nodes have it.
  private void tellLacking(BiConsumer<FilePlace, String> to, Unsupported unsupported) {
    boolean skip = unsupported == Unsupported.SKIP;
    String end = skip ? ": skipped, with its links" : "; or deploy the rest with " + SKIP_OPTION;
    String remedy =
        skip
            ? ""
            : " (expected: an image of FRR, BIRD, GoBGP, OpenBGPD or a plain Linux); say what it is with"
                + " --images FILE, a list of {image: PATTERN, profile: idle}";
    unknownImages.forEach((image, nodes) ->
        to.accept(
            nodes.getFirst().place(),
            "topology.nodes.%s: image '%s' stands for no program of this machine%s%s"
                .formatted(names(nodes), image, remedy, end)));
    missingPrograms.forEach((image, nodes) -> {
      Profile profile = images.profile(image).orElse(Profile.FRR);
      to.accept(
          nodes.getFirst().place(),
          "topology.nodes.%s: image '%s' needs %s: apt-get install %s, or run ./donut setup%s"
              .formatted(names(nodes), image, profile.word(), profile.debianPackage(), end));
    });
  }

  private static String names(List<NodeDefinition> nodes) {
    return nodes.stream().map(NodeDefinition::name).collect(Collectors.joining(", "));
  }

  private Map<String, String> environment(NodeDefinition node) {
    Map<String, String> variables = new LinkedHashMap<>();
    long links =
        topology.links().stream()
            .filter(
                link -> link.a().node().equals(node.name()) || link.b().node().equals(node.name()))
            .count();
    variables.put("CLAB_INTFS", Long.toString(links));
    node.labels().forEach((key, value) -> variables.put("CLAB_LABEL_" + variableName(key), value));
    variables.putAll(node.start().environment());
    return variables;
  }

  private static String variableName(String label) {
    return label.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_");
  }

  private Map<String, String> labels(NodeDefinition node, Path directory) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("containerlab", topology.name());
    labels.put("clab-node-name", node.name());
    labels.put("clab-node-longname", topology.containerName(node));
    labels.put("clab-node-kind", node.kind().word());
    labels.put("clab-node-type", node.type());
    labels.put("clab-node-group", node.group());
    labels.put("clab-node-lab-dir", directory.resolve(node.name()).toString());
    labels.put("clab-topo-file", topology.file().toString());
    labels.put("clab-owner", owner());
    labels.put("clab-mgmt-net-bridge", bridge());
    labels.putAll(node.labels());
    return labels;
  }

  private List<Plan.Bridge> bridges() {
    return topology.nodes().stream()
        .filter(node -> node.kind() == Kind.BRIDGE)
        .map(node -> {
          if (node.name().contains("|")) {
            problems.error(
                node.place(),
                "topology.nodes.%s: a bridge in another node's network (expected: one of the lab)"
                    .formatted(node.name()));
          }
          if (node.name().length() > 15) {
            problems.error(
                node.place(),
                "topology.nodes.%s: a bridge's name (expected: at most 15 characters)"
                    .formatted(node.name()));
          }
          return new Plan.Bridge(node.name());
        })
        .toList();
  }

  private List<Plan.Link> links(List<Plan.Node> nodes) {
    Map<String, String> namespaces = new HashMap<>();
    nodes.forEach(node -> namespaces.put(node.name(), node.namespace()));
    List<Plan.Link> links = new ArrayList<>();
    for (LinkDefinition link : topology.links()) {
      links.add(
          new Plan.Link(links.size(), link, end(link.a(), namespaces), second(link, namespaces)));
    }
    return links;
  }

  /// Out of the lab a frame has the address of the node that sends it.
  private Plan.End second(LinkDefinition link, Map<String, String> namespaces) {
    Endpoint b = link.b();
    return link.outside() == null
        ? end(b, namespaces)
        : new Plan.End(b.node(), b.device(), mac(link.a()), "", "");
  }

  private Plan.End end(Endpoint end, Map<String, String> namespaces) {
    boolean bridge =
        topology.nodes().stream()
            .anyMatch(node -> node.name().equals(end.node()) && node.kind() == Kind.BRIDGE);
    boolean management = end.node().equals(Endpoint.MANAGEMENT);
    String namespace =
        end.node().isEmpty()
            ? ""
            : namespaces.getOrDefault(end.node(), Plan.hostNamespace(topology.name()));
    String master = bridge ? end.node() : management ? MANAGEMENT_BRIDGE : "";
    return new Plan.End(end.node(), end.device(), mac(end), namespace, master);
  }

  /// Stands for the name of the management bridge in [Plan.End#bridge].
  public static final String MANAGEMENT_BRIDGE = "mgmt-net";

  /// The address an interface always has, so that captures of two deployments can be compared.
  private String mac(Endpoint end) {
    if (!end.mac().isEmpty()) {
      return end.mac().toLowerCase(Locale.ROOT);
    }
    String hash = hash(topology.name() + "/" + end.node() + "/" + end.device());
    return "aa:c1:ab:%s:%s:%s"
        .formatted(hash.substring(0, 2), hash.substring(2, 4), hash.substring(4, 6));
  }

  static String hash(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return "%08x".formatted(crc.getValue());
  }

  private void notes(Path labDirectory) {
    for (NodeDefinition node : topology.nodes()) {
      if (node.kind() == Kind.BRIDGE) {
        notes.add(
            "bridge %s is made in a namespace; containerlab needs it before: ip link add %s type"
                    .formatted(node.name(), node.name())
                + " bridge");
      }
    }
    notes.addAll(new ContainerlabRefusals(topology, labDirectory).find());
    topology.links().forEach(this::note);
    boolean host =
        topology.nodes().stream()
                .anyMatch(node ->
                    node.kind() == Kind.HOST || node.network().mode() instanceof NetworkMode.Host)
            || topology.links().stream().anyMatch(link -> link.type() == LinkDefinition.Type.HOST);
    if (host) {
      notes.add(
          "host is the namespace %s; this machine's own interfaces are not touched"
              .formatted(Plan.hostNamespace(topology.name())));
    }
  }

  private void note(LinkDefinition link) {
    switch (link.outside()) {
      case null -> {}
      case Outside.Macvlan(String parent, var _) -> {
        if (!isHere(parent)) {
          problems.error(
              link.place(),
              "link %s: this machine has no interface '%s'".formatted(link.name(), parent));
        }
        notes.add("link %s is on the interface %s of this machine".formatted(link.name(), parent));
      }
      case Outside.Vxlan vxlan ->
          notes.add(
              "link %s is a tunnel of this machine to %s".formatted(link.name(), vxlan.remote()));
    }
  }

  private static boolean isHere(String device) {
    try {
      return NetworkInterface.getByName(device) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
