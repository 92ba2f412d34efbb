package net.donut.lab.clab.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.donut.lab.clab.model.Bind;
import net.donut.lab.clab.model.NodeDefinition;

/// The daemons of FRR that the configuration of a node speaks to, beside those that its file
/// `/etc/frr/daemons` starts.
///
/// Where a node brings no such file, the daemons of its configuration start. Where it does, it has
/// its way, as in its image, and what it leaves out is told with both lines.
public final class FrrDaemons {
  private static final String DIRECTORY = "/etc/frr";
  private static final String DAEMONS = DIRECTORY + "/daemons";

  /// What a line of a configuration, without what indents it, begins with, and who takes it. zebra
  /// and staticd always run.
  private static final Map<Pattern, String> LINES = lines();

  private FrrDaemons() {}

  /// A daemon that a configuration needs, and the first line that does.
  private record Need(String daemon, Path file, int line, String text) {}

  private static Map<Pattern, String> lines() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("router bgp\\b.*|bgp (community-list|as-path|large-community-list) .*|rpki", "bgpd");
    words.put("router ospf\\b(?!6).*|ip ospf (\\d+ )?area .*", "ospfd");
    words.put("router ospf6\\b.*|ipv6 ospf6 area .*", "ospf6d");
    words.put("router isis\\b.*|ip(v6)? router isis .*", "isisd");
    words.put("router rip\\b.*", "ripd");
    words.put("router ripng\\b.*", "ripngd");
    words.put("router eigrp\\b.*", "eigrpd");
    words.put("router babel\\b.*", "babeld");
    words.put("router openfabric\\b.*|ip(v6)? router openfabric .*", "fabricd");
    words.put("router pim|ip (pim|igmp)( .*)?|ip multicast-routing", "pimd");
    words.put("router pim6|ipv6 (pim|mld)( .*)?", "pim6d");
    words.put(
        "bfd|(neighbor \\S+|ip ospf|ipv6 ospf6|isis|ip pim|ip(v6)? route .*) bfd\\b.*", "bfdd");
    words.put("mpls ldp", "ldpd");
    words.put("ip(v6)? nhrp .*|nhrp .*", "nhrpd");
    words.put("pbr-map .*|pbr-policy .*", "pbrd");
    words.put("segment-routing", "pathd");
    words.put("vrrp \\d+.*", "vrrpd");
    Map<Pattern, String> lines = new LinkedHashMap<>();
    words.forEach((expression, daemon) -> lines.put(Pattern.compile(expression), daemon));
    return lines;
  }

  /// The daemons to start beside those of the image: what a node's configuration needs, where no
  /// file of its own says which daemons there are.
  public static List<String> toStart(Plan.Node node) {
    return isFrr(node) && !hasOwnDaemons(node)
        ? needs(node).stream().map(Need::daemon).toList()
        : List.of();
  }

  /// Whether a bind takes the place of FRR's directory.
  public static boolean isDirectoryBound(Plan.Node node) {
    return node.definition().files().binds().stream()
        .anyMatch(bind -> Path.of(DIRECTORY).startsWith(bind.destination()));
  }

  private static boolean isFrr(Plan.Node node) {
    return node.known().filter(profile -> profile == Profile.FRR).isPresent();
  }

  private static boolean hasOwnDaemons(Plan.Node node) {
    return node.definition().kind() == NodeDefinition.Kind.FRR
        || source(node, DAEMONS).filter(Files::isRegularFile).isPresent();
  }

  /// Warns of what a node's configuration needs and its file of daemons leaves out.
  static void look(PlanCheck.Subject subject) {
    for (Plan.Node node : subject.plan().nodes()) {
      if (isFrr(node) && hasOwnDaemons(node)) {
        List<String> started = started(node);
        needs(node).stream()
            .filter(need -> !started.contains(need.daemon()))
            .forEach(need -> warn(subject, node, need));
      }
    }
  }

  private static void warn(PlanCheck.Subject subject, Plan.Node node, Need need) {
    String where =
        node.definition().kind() == NodeDefinition.Kind.FRR
            ? "extras.frr.daemons has it not (expected: " + need.daemon() + " among them)"
            : "%s (expected: %s=yes there)".formatted(ownLine(node, need.daemon()), need.daemon());
    subject
        .problems()
        .warning(
            node.definition().place(),
            "topology.nodes.%s: %s:%d: '%s' needs %s, and %s"
                .formatted(
                    node.name(),
                    need.file().getFileName(),
                    need.line(),
                    need.text(),
                    need.daemon(),
                    where));
  }

  private static String ownLine(Plan.Node node, String daemon) {
    Path file = source(node, DAEMONS).orElse(Path.of(DAEMONS));
    List<String> lines = read(file);
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).strip().startsWith(daemon + "=")) {
        return "%s:%d says %s".formatted(file.getFileName(), i + 1, lines.get(i).strip());
      }
    }
    return "%s has no line of it".formatted(file.getFileName());
  }

  private static List<String> started(Plan.Node node) {
    NodeDefinition definition = node.definition();
    if (definition.kind() == NodeDefinition.Kind.FRR) {
      return definition.files().daemons();
    }
    Map<String, String> values = new LinkedHashMap<>();
    Pattern setting = Pattern.compile("\\s*([a-z0-9]+d)=[\"']?([^\"'#\\s]*).*");
    source(node, DAEMONS)
        .ifPresent(file ->
            read(file)
                .forEach(line -> {
                  Matcher matcher = setting.matcher(line);
                  if (matcher.matches()) {
                    values.put(matcher.group(1), matcher.group(2));
                  }
                }));
    return values.entrySet().stream()
        .filter(value -> !List.of("", "no", "0").contains(value.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Each daemon once, in the order of the files.
  private static List<Need> needs(Plan.Node node) {
    Map<String, Need> needs = new LinkedHashMap<>();
    Path startup = node.definition().files().startupConfig();
    Optional<Path> whole =
        startup == null ? source(node, DIRECTORY + "/frr.conf") : Optional.of(startup);
    whole.ifPresent(file -> of(file).forEach(need -> needs.putIfAbsent(need.daemon(), need)));
    // The older way: a file for each daemon.
    for (String daemon : LINES.values()) {
      source(node, DIRECTORY + "/" + daemon + ".conf")
          .ifPresent(file ->
              of(file).stream()
                  .filter(need -> need.daemon().equals(daemon))
                  .forEach(need -> needs.putIfAbsent(daemon, need)));
    }
    return new ArrayList<>(needs.values());
  }

  private static List<Need> of(Path file) {
    List<String> lines = read(file);
    List<Need> needs = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      for (Map.Entry<Pattern, String> entry : LINES.entrySet()) {
        if (entry.getKey().matcher(line).matches()) {
          needs.add(new Need(entry.getValue(), file, i + 1, line));
        }
      }
    }
    return needs;
  }

  private static List<String> read(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      // What cannot be read as text here is FRR's to refuse.
      return List.of();
    }
  }

  /// The file of this machine that a node sees at a place, the last bind first.
  private static Optional<Path> source(Plan.Node node, String place) {
    Path at = Path.of(place);
    for (Bind bind : node.definition().files().binds().reversed()) {
      Path destination = Path.of(bind.destination()).normalize();
      if (at.startsWith(destination)) {
        return Optional.of(bind.source().resolve(destination.relativize(at)).normalize())
            .filter(Files::exists);
      }
    }
    return Optional.empty();
  }
}
