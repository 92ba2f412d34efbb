package net.donut.lab.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.neighbor.BirdConfig;
import net.donut.lab.neighbor.FeedConfig;
import net.donut.lab.neighbor.FrrConfig;
import net.donut.lab.net.DirectoryTree;
import net.donut.lab.net.LabException;
import net.donut.lab.table.RoutingTable;
import net.donut.lab.topology.FeedAddresses;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.LabPolicy;
import net.donut.lab.topology.Software;
import net.donut.lab.topology.Topology;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Role;
import net.donut.pki.CertificateAuthority;

/// A topology as files: a containerlab file with all that its nodes read, ready to be deployed.
///
/// @param directory where all of it lies
/// @param lab the name that users have for it
/// @param software what each network runs; Donut's own speaker is not in the files
/// @param hops how controller and agents talk to each other
/// @param runtime what the nodes become; of containers one gives the networks their table
public record DonutFiles(
    Path directory,
    String lab,
    Topology topology,
    Map<String, Software> software,
    LabOptions.Hops hops,
    RuntimeKind runtime) {
  /// The node where feeders speak: in namespaces those of the lab's own process, otherwise a BIRD.
  public static final String FEEDS = "feeds";

  private static final String BIRD = "ghcr.io/akafeng/bird:2.14";
  private static final String FRR = "quay.io/frrouting/frr:9.1.0";
  private static final String HOST = "alpine:3.20";

  private static final List<String> SYSCTLS =
      List.of(
          "net.ipv4.ip_forward",
          "net.ipv6.conf.all.forwarding",
          "net.ipv4.conf.all.ignore_routes_with_linkdown",
          "net.ipv6.conf.all.ignore_routes_with_linkdown");

  /// When carrier returns, the kernel answers for an IPv6 address at once, not after the time that
  /// a host takes to find out who else is there.
  private static final List<String> DEVICE_SYSCTLS =
      List.of("accept_dad", "dad_transmits", "router_solicitations", "router_solicitation_delay");

  public DonutFiles {
    software = Map.copyOf(software);
  }

  /// The name of a donut lab among those of containerlab files.
  public static String deployedName(String lab) {
    return "donut-" + lab;
  }

  /// A directory of the lab's own among others.
  static Path directoryIn(Path parent, String lab) {
    return parent.toAbsolutePath().normalize().resolve(deployedName(lab));
  }

  /// The containerlab file.
  public Path file() {
    return directory.resolve(deployedName(lab) + ".clab.yml");
  }

  /// The policy of the controller.
  public Path policy() {
    return directory.resolve("policy.yaml");
  }

  /// The certificate authority.
  public Path pki() {
    return directory.resolve("pki");
  }

  /// Where a controller makes its socket.
  public Path sockets() {
    return directory.resolve("ctl").resolve("run");
  }

  /// What the program of a network reads: `bird.conf` or `frr.conf`.
  public Path configuration(String network) {
    String name = software(network) == Software.BIRD ? "bird.conf" : "frr.conf";
    return directory.resolve(network).resolve(name);
  }

  private Software software(String network) {
    return software.getOrDefault(network, Software.DONUT);
  }

  /// Writes all of it but the certificates, in place of what is there.
  ///
  /// @param table what the networks hear from elsewhere
  void write(RoutingTable table) {
    DirectoryTree.delete(directory);
    try {
      Files.createDirectories(pki());
      Files.createDirectories(sockets());
      for (LabNode node : topology.nodes()) {
        Path own = Files.createDirectories(directory.resolve(node.name()));
        switch (node) {
          case LabNode.Edge _, LabNode.Controller _ ->
              Files.createDirectories(own.resolve("state"));
          case LabNode.Network network -> write(network);
          case LabNode.Host _ -> {}
        }
      }
      if (runtime == RuntimeKind.DOCKER) {
        Path feeds = Files.createDirectories(directory.resolve(FEEDS));
        Files.writeString(feeds.resolve("bird.conf"), FeedConfig.render(fed(), table));
      }
      Files.writeString(policy(), LabPolicy.render(topology, withBfd()));
      Files.writeString(file(), yaml());
    } catch (IOException e) {
      throw LabException.of(directory, e);
    }
  }

  private void write(LabNode.Network network) throws IOException {
    switch (software(network.name())) {
      case BIRD ->
          Files.writeString(configuration(network.name()), BirdConfig.render(topology, network));
      case FRR -> {
        Files.writeString(configuration(network.name()), FrrConfig.render(topology, network));
        Files.writeString(
            directory.resolve(network.name()).resolve("daemons"), FrrConfig.daemons());
      }
      case DONUT -> {}
    }
  }

  /// The networks whose software has BFD.
  private Set<String> withBfd() {
    return software.entrySet().stream()
        .filter(network -> network.getValue() != Software.DONUT)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private String yaml() {
    StringBuilder yaml = new StringBuilder();
    yaml.append("# Written by donut from its topology; every path is beside this file.\n");
    String name = deployedName(lab);
    yaml.append("name: ").append(name).append('\n');
    yaml.append("prefix: __lab-name\n");
    yaml.append("mgmt: {network: ").append(name).append(", ipv4-subnet: 10.255.0.0/24}\n");
    yaml.append("topology:\n  defaults:\n    kind: linux\n    restart-policy: \"no\"\n");
    yaml.append("    sysctls:\n");
    SYSCTLS.forEach(key -> yaml.append("      ").append(key).append(": 1\n"));
    yaml.append("      net.ipv4.icmp_ratelimit: 0\n      net.ipv6.icmp.ratelimit: 0\n");
    yaml.append("  nodes:\n");
    topology.nodes().forEach(node -> yaml.append(node(node)));
    yaml.append("    ").append(FEEDS).append(":\n").append(feeds()).append(exec(feedAddresses()));
    yaml.append("  links:\n");
    topology.links().forEach(link -> yaml.append(link(link)));
    fed()
        .forEach(network ->
            yaml.append(
                "    - endpoints: [\"%s:%s\", \"%s:%s\"]\n"
                    .formatted(FEEDS, feed(network), network.name(), FeedAddresses.DEVICE)));
    return yaml.toString();
  }

  private String feeds() {
    return switch (runtime) {
      case NETNS -> lines("image", HOST, "network-mode", "none");
      case DOCKER ->
          lines("image", BIRD, "network-mode", "none")
              + binds(FEEDS + "/bird.conf:/etc/bird/bird.conf");
    };
  }

  private List<LabNode.Network> fed() {
    return topology.networkNodes().filter(network -> network.feed() > 0).toList();
  }

  private static String feed(LabNode.Network network) {
    return "f" + network.feed();
  }

  private List<String> feedAddresses() {
    List<String> lines = new ArrayList<>();
    for (LabNode.Network network : fed()) {
      for (Family family : Family.values()) {
        lines.add(
            address(
                FeedAddresses.feeder(network, family),
                FeedAddresses.length(family),
                feed(network)));
      }
    }
    return lines;
  }

  private String node(LabNode node) {
    String body =
        switch (node) {
          case LabNode.Edge edge -> edge(edge);
          case LabNode.Controller controller -> controller(controller);
          case LabNode.Network network -> network(network);
          case LabNode.Host _ -> lines("image", HOST, "network-mode", "none");
        };
    return "    " + node.name() + ":\n" + body + exec(commands(node));
  }

  private String edge(LabNode.Edge edge) {
    return lines(
            "image",
            "donut-agent",
            "cmd",
            "--name %s --listen 0.0.0.0:%d --state-dir /var/lib/donut%s"
                .formatted(
                    edge.name(), LabPolicy.AGENT_PORT, credentials(new Role.Agent(edge.name()))),
            "mgmt-ipv4",
            edge.management().toString())
        + binds(edge.name() + "/state:/var/lib/donut", "pki:/etc/donut/pki");
  }

  private String controller(LabNode.Controller controller) {
    return lines(
            "image",
            "donut-controller",
            "cmd",
            ("--policy /etc/donut/policy.yaml --listen 127.0.0.1:9341"
                    + " --socket /run/donut/controller.sock --state-dir /var/lib/donut%s")
                .formatted(credentials(new Role.Controller())),
            "mgmt-ipv4",
            controller.management().toString())
        + binds(
            "policy.yaml:/etc/donut/policy.yaml:ro",
            "pki:/etc/donut/pki",
            controller.name() + "/state:/var/lib/donut",
            controller.name() + "/run:/run/donut");
  }

  private String credentials(Role role) {
    return switch (hops) {
      case INSECURE -> " --insecure";
      case MUTUAL_TLS ->
          " --tls-dir /etc/donut/pki/"
              + pki().relativize(CertificateAuthority.directoryOf(pki(), role));
    };
  }

  private String network(LabNode.Network network) {
    String name = network.name();
    return switch (software(name)) {
      case BIRD ->
          lines("image", BIRD, "network-mode", "none")
              + binds(name + "/bird.conf:/etc/bird/bird.conf");
      case FRR ->
          lines("image", FRR, "network-mode", "none")
              + binds(name + "/daemons:/etc/frr/daemons", name + "/frr.conf:/etc/frr/frr.conf");
      case DONUT -> lines("image", HOST, "network-mode", "none");
    };
  }

  private static String lines(String... pairs) {
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < pairs.length; i += 2) {
      yaml.append("      ").append(pairs[i]).append(": ").append(pairs[i + 1]).append('\n');
    }
    return yaml.toString();
  }

  private static String binds(String... binds) {
    return list("binds", List.of(binds));
  }

  private static String exec(List<String> lines) {
    return list("exec", lines);
  }

  private static String list(String key, List<String> items) {
    StringBuilder yaml = new StringBuilder();
    if (!items.isEmpty()) {
      yaml.append("      ").append(key).append(":\n");
      items.forEach(item -> yaml.append("        - ").append(item).append('\n'));
    }
    return yaml.toString();
  }

  private List<String> commands(LabNode node) {
    List<String> lines = new ArrayList<>();
    switch (node) {
      case LabNode.Edge _, LabNode.Controller _ -> {
        // The management network leads nowhere: what our table lacks shall not go there.
        lines.add("ip route flush exact default");
        lines.add("ip -6 route flush exact default");
      }
      case LabNode.Network network -> {
        network.addresses().forEach(own -> lines.add(address(own, own.family().bits(), "lo")));
        if (network.feed() > 0) {
          for (Family family : Family.values()) {
            lines.add(
                address(
                    FeedAddresses.fed(network, family),
                    FeedAddresses.length(family),
                    FeedAddresses.DEVICE));
          }
        }
      }
      case LabNode.Host _ -> {}
    }
    topology.linksOf(node.name()).forEach(link -> lines.addAll(commands(node, link)));
    return lines;
  }

  private List<String> commands(LabNode node, LabLink link) {
    LabLink.End end = link.end(node.name());
    List<String> lines = new ArrayList<>();
    // Not by sysctl(8), which the images of our programs do not have.
    lines.add(
        "sh -c \"cd /proc/sys/net/ipv6/conf/%s && for key in %s; do echo 0 > $key; done\""
            .formatted(end.device(), String.join(" ", DEVICE_SYSCTLS)));
    lines.add(address(end.ipv4(), link.ipv4Length(), end.device()));
    lines.add(address(end.ipv6(), link.ipv6Length(), end.device()));
    if (node instanceof LabNode.Host) {
      LabLink.End gateway = link.peer(node.name());
      lines.add("ip route replace default via " + gateway.ipv4());
      lines.add("ip route replace ::/0 via " + gateway.ipv6());
    }
    return lines;
  }

  private static String address(IpAddress address, int length, String device) {
    return "ip address replace %s/%d dev %s%s"
        .formatted(address, length, device, address.family() == Family.IPV6 ? " nodad" : "");
  }

  /// The kernel tells the first end of a cut first, and works on what follows from it before it
  /// tells the other. A link between routers of ours begins with the second.
  private static String link(LabLink link) {
    boolean internal = link.kind() instanceof LabLink.Kind.Internal;
    LabLink.End first = internal ? link.b() : link.a();
    LabLink.End second = internal ? link.a() : link.b();
    String endpoints =
        "    - endpoints: [\"%s:%s\", \"%s:%s\"]\n"
            .formatted(first.node(), first.device(), second.node(), second.device());
    return link.kind() instanceof LabLink.Kind.Peering(var relation)
        ? endpoints + "      vars: {donut: {relation: " + relation.word() + "}}\n"
        : endpoints;
  }
}
