package net.donut.lab.clab.parse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.FilePlace;
import net.donut.lab.clab.model.LinkDefinition;
import net.donut.lab.clab.model.LinkDefinition.Endpoint;
import net.donut.lab.clab.model.Management;
import net.donut.lab.clab.model.NetworkMode;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.NodeDefinition.Kind;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.model.TopologyProblems;
import net.donut.lab.net.LabException;
import net.donut.model.NearestWord;
import org.jspecify.annotations.Nullable;

/// A topology file to a [ClabTopology]. Owned by the thread that reads the file.
public final class TopologyReader {
  private static final String NODE_NAME = "[a-zA-Z0-9][a-zA-Z0-9._|-]*";
  private static final Set<String> RESERVED =
      Set.of(Endpoint.HOST, Endpoint.MANAGEMENT, OutsideReader.MACVLAN);
  private static final Set<String> TOP =
      Set.of("name", "prefix", "mgmt", "topology", "settings", "debug");

  /// What becomes of nodes that cannot run here.
  public enum Unsupported {
    REFUSE,
    SKIP,
    /// For a lab that stands: kinds are skipped as at its deployment, files may be gone since.
    STANDS
  }

  /// What a file is read for.
  ///
  /// @param name the lab's; empty for the file's own
  /// @param variables files with variables of its template; none for those beside it
  public record Purpose(
      String name, RuntimeKind runtime, Unsupported unsupported, List<Path> variables) {
    public Purpose {
      variables = List.copyOf(variables);
    }

    public Purpose(String name, RuntimeKind runtime, Unsupported unsupported) {
      this(name, runtime, unsupported, List.of());
    }
  }

  /// What was read; null, with problems, when there is nothing to go on with.
  ///
  /// @param text the YAML that a template and variables became; empty where they failed
  public record Result(@Nullable ClabTopology topology, TopologyProblems problems, String text) {
    /// Whether a lab can be made of it.
    public boolean isWhole() {
      return topology != null && problems.errors().isEmpty();
    }

    /// The topology, or a LabException with every mistake.
    public ClabTopology orThrow() {
      if (topology == null || !isWhole()) {
        throw new LabException(
            String.join("\n", problems.errors().stream().map(Object::toString).toList()));
      }
      return topology;
    }
  }

  private final Path file;
  private final TopologyProblems problems = new TopologyProblems();
  private final LabValueReader reading;
  private final Map<String, String> environment;
  private final Purpose purpose;
  private final NodeKinds kinds;
  private String yaml = "";

  private TopologyReader(Path file, Purpose purpose, Map<String, String> environment) {
    this.file = file;
    this.reading = new LabValueReader(file, purpose.runtime(), problems);
    this.environment = environment;
    this.purpose = purpose;
    this.kinds = new NodeKinds(reading, purpose.unsupported());
  }

  /// The file that `-t` names: itself, or the only `*.clab.y*ml` of a directory. Throws
  /// LabException when there is none or more than one.
  public static Path find(Path given) {
    if (!Files.isDirectory(given)) {
      if (!Files.isRegularFile(given)) {
        throw new LabException(given + ": no such topology file");
      }
      return given.toAbsolutePath().normalize();
    }
    try (Stream<Path> files = Files.list(given)) {
      List<Path> found =
          files
              .filter(path -> path.getFileName().toString().matches(".*\\.clab\\.ya?ml"))
              .sorted()
              .toList();
      if (found.size() != 1) {
        throw new LabException(
            given + ": " + found.size() + " topology files (expected: one *.clab.yml; name it)");
      }
      return found.getFirst().toAbsolutePath().normalize();
    } catch (IOException e) {
      throw LabException.of(given, e);
    }
  }

  /// Reads a file; mistakes are in the result, and what has no effect on a runtime.
  public static Result read(Path file, Purpose purpose, Map<String, String> environment) {
    TopologyReader reader = new TopologyReader(file, purpose, environment);
    ClabTopology topology = reader.read();
    return new Result(topology, reader.problems, reader.yaml);
  }

  /// Reads a file once more, from what it became then.
  public static Result read(
      Path file, String text, Purpose purpose, Map<String, String> environment) {
    TopologyReader reader = new TopologyReader(file, purpose, environment);
    ClabTopology topology = reader.read(file.getFileName().toString(), text);
    return new Result(topology, reader.problems, text);
  }

  private @Nullable ClabTopology read() {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw LabException.of(file, e);
    }
    Templates.Rendered rendered = new Templates(file, purpose.variables(), problems).render(text);
    if (rendered == null) {
      return null;
    }
    return read(rendered.label(), Variables.substitute(rendered.text(), environment));
  }

  private @Nullable ClabTopology read(String label, String text) {
    yaml = text;
    Yaml document = Yaml.read(label, text, problems);
    Yaml.Section top = document == null ? null : reading.section(label, document, TOP);
    return top == null ? null : topology(top);
  }

  private ClabTopology topology(Yaml.Section top) {
    String name = labName(top);
    String prefix =
        top.entries().containsKey("prefix")
            ? reading.text("prefix", top.entries().get("prefix").value())
            : ClabTopology.DEFAULT_PREFIX;
    Management management = new ManagementReader(reading).read(top.entries().get("mgmt"));
    NoEffect.tell(reading, NoEffect.Scope.FILE, "", top);
    Yaml.Entry entry = top.entries().get("topology");
    Yaml.Section body =
        entry == null
            ? null
            : reading.section(
                "topology", entry.value(), Set.of("nodes", "groups", "kinds", "defaults", "links"));
    if (body == null) {
      if (entry == null) {
        problems.error(top.place(), "topology is missing (expected: topology with nodes)");
      }
      return new ClabTopology(name, prefix, file, yaml, management, List.of(), List.of());
    }
    List<NodeDefinition> nodes = nodes(body, name);
    List<LinkDefinition> links =
        new LabLinkReader(reading)
            .read(
                body.entries()
                    .getOrDefault(
                        "links", new Yaml.Entry(body.place(), new Yaml.Nothing(body.place())))
                    .value());
    ClabTopology topology =
        kinds.rest(new ClabTopology(name, prefix, file, yaml, management, nodes, links));
    check(topology.nodes(), topology.links());
    return topology;
  }

  private String labName(Yaml.Section top) {
    Yaml.Entry entry = top.entries().get("name");
    String name = entry == null ? "" : reading.text("name", entry.value());
    name = purpose.name().isEmpty() ? new GitWords(file).in(name) : purpose.name();
    if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}")) {
      reading.error(
          entry == null ? top.place() : entry.place(),
          "name",
          entry == null ? "nothing" : "'" + name + "'",
          "letters, digits and ._- and at most 64 of them");
    }
    return name;
  }

  private List<NodeDefinition> nodes(Yaml.Section body, String lab) {
    Yaml.Section defaults = level("topology.defaults", body.entries().get("defaults"));
    Map<String, Yaml.Section> kinds = levels("topology.kinds", body.entries().get("kinds"));
    Map<String, Yaml.Section> groups = levels("topology.groups", body.entries().get("groups"));
    Map<String, Yaml.Section> nodes = levels("topology.nodes", body.entries().get("nodes"));
    if (nodes.isEmpty()) {
      problems.error(body.place(), "topology.nodes: nothing (expected: at least one node)");
    }
    NoEffect.tell(reading, Kind.LINUX, "topology.defaults", defaults);
    groups.forEach((group, section) ->
        NoEffect.tell(reading, Kind.LINUX, "topology.groups." + group, section));
    kinds.forEach((word, section) ->
        Kind.of(word)
            .ifPresent(kind -> NoEffect.tell(reading, kind, "topology.kinds." + word, section)));
    Path directory = LabDirectory.of(file.toAbsolutePath(), lab, environment);
    List<NodeDefinition> read = new ArrayList<>();
    nodes.forEach((name, section) -> {
      NodeDefinition node = node(lab, name, section, defaults, kinds, groups, directory);
      if (node != null) {
        read.add(node);
      }
    });
    return read;
  }

  private @Nullable NodeDefinition node(
      String lab,
      String name,
      Yaml.Section own,
      Yaml.Section defaults,
      Map<String, Yaml.Section> ofKinds,
      Map<String, Yaml.Section> groups,
      Path directory) {
    if (!name.matches(NODE_NAME)) {
      reading.error(own.place(), "topology.nodes", "'" + name + "'", "a name as " + NODE_NAME);
    }
    if (RESERVED.contains(name)) {
      reading.error(
          own.place(),
          "topology.nodes." + name,
          "in links this name means something else than a node",
          "another name than host, mgmt-net and macvlan");
    }
    String group = first("group", own, defaults);
    Yaml.Section ofGroup = groups.getOrDefault(group, new Yaml.Section(Map.of(), own.place()));
    String kindWord = first("kind", own, ofGroup, defaults);
    Kind kind = kinds.kind(name, kindWord, own);
    if (kind == null) {
      return null;
    }
    NoEffect.tell(reading, kind, "topology.nodes." + name, own);
    Yaml.Section ofKind = ofKinds.getOrDefault(kindWord, new Yaml.Section(Map.of(), own.place()));
    Inherited fields =
        new Inherited(
            reading, own.place(), NoEffect.fieldsOf(kind), List.of(defaults, ofKind, ofGroup, own));
    return new NodeReader(fields, kinds, lab, name, directory).read(kind, group);
  }

  private static String first(String key, Yaml.Section... levels) {
    for (Yaml.Section level : levels) {
      Yaml.Entry entry = level.entries().get(key);
      if (entry != null && entry.value() instanceof Yaml.Scalar scalar) {
        return scalar.text();
      }
    }
    return "";
  }

  private Yaml.Section level(String what, Yaml.@Nullable Entry entry) {
    Yaml.Section section =
        entry == null ? null : reading.section(what, entry.value(), Set.copyOf(NodeField.keys()));
    if (section == null) {
      return new Yaml.Section(Map.of(), new FilePlace(file.getFileName().toString(), 1));
    }
    Inherited.check(reading, what, section);
    return section;
  }

  private Map<String, Yaml.Section> levels(String what, Yaml.@Nullable Entry entry) {
    Map<String, Yaml.Section> levels = new LinkedHashMap<>();
    Yaml.Section names = entry == null ? null : reading.names(what, entry.value());
    if (names != null) {
      names
          .entries()
          .forEach((name, value) -> {
            Yaml.Section read = level(what + "." + name, value);
            levels.put(name, new Yaml.Section(read.entries(), value.place()));
          });
    }
    return levels;
  }

  private void check(List<NodeDefinition> nodes, List<LinkDefinition> links) {
    Map<String, NodeDefinition> byName = new LinkedHashMap<>();
    nodes.forEach(node -> byName.put(node.name(), node));
    nodes.forEach(node -> checkReferences(node, byName));
    Map<String, LinkDefinition> ends = new HashMap<>();
    for (LinkDefinition link : links) {
      checkEnd(link, link.a(), byName, ends);
      if (!link.hasOneEnd()) {
        checkEnd(link, link.b(), byName, ends);
      }
      ignoredAddresses(link);
    }
    new WaitCycles(nodes).report(problems);
  }

  private void checkReferences(NodeDefinition node, Map<String, NodeDefinition> byName) {
    if (node.network().mode() instanceof NetworkMode.Of(String other)
        && !byName.containsKey(other)) {
      reading.error(
          node.place(),
          "topology.nodes." + node.name() + ".network-mode",
          "container:" + other,
          NearestWord.hint(other, byName.keySet()));
    }
    node.life()
        .stages()
        .forEach((stage, rules) ->
            rules
                .waits()
                .forEach(wait -> {
                  if (!byName.containsKey(wait.node())) {
                    reading.error(
                        wait.place(),
                        "topology.nodes." + node.name() + ".stages." + stage.word() + ".wait-for",
                        "node '" + wait.node() + "'",
                        NearestWord.hint(wait.node(), byName.keySet()));
                  }
                }));
  }

  private void checkEnd(
      LinkDefinition link,
      Endpoint end,
      Map<String, NodeDefinition> byName,
      Map<String, LinkDefinition> ends) {
    boolean special = end.node().equals(Endpoint.HOST) || end.node().equals(Endpoint.MANAGEMENT);
    NodeDefinition node = byName.get(end.node());
    if (node == null && !special && !kinds.skips(end.node())) {
      reading.error(
          link.place(),
          "link " + link.name(),
          "node '" + end.node() + "'",
          NearestWord.hint(end.node(), byName.keySet()));
    }
    String place = node != null && node.kind() == Kind.BRIDGE ? "bridge:" : end.node() + ":";
    LinkDefinition first = ends.putIfAbsent(place + end.device(), link);
    if (first != null) {
      problems.error(
          link.place(),
          "link %s: %s is taken (expected: an interface of its own; first on line %d)"
              .formatted(link.name(), end, first.place().line()));
    }
    if (node != null
        && end.device().equals("eth0")
        && node.kind() != Kind.BRIDGE
        && node.network().mode() instanceof NetworkMode.Own) {
      problems.error(
          link.place(),
          "link %s: %s is the management interface (expected: another, or network-mode: none)"
              .formatted(link.name(), end));
    }
  }

  private void ignoredAddresses(LinkDefinition link) {
    boolean any =
        !link.addresses().isEmpty()
            || !link.a().addresses().isEmpty()
            || !link.b().addresses().isEmpty();
    if (any) {
      problems.warning(
          link.place(),
          "link "
              + link.name()
              + ": ipv4 and ipv6 have no effect on kind linux, as in containerlab: set addresses"
              + " by exec or in the router's configuration");
    }
  }
}
