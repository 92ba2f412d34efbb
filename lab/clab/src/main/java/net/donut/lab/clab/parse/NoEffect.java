package net.donut.lab.clab.parse;

import static net.donut.lab.clab.model.RuntimeKind.DOCKER;
import static net.donut.lab.clab.model.RuntimeKind.NETNS;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.lab.clab.model.NodeDefinition.Kind;
import net.donut.lab.clab.model.RuntimeKind;

/// The keys that a topology file may have and that have no effect here, each with the reason.
final class NoEffect {
  /// Where a key stands.
  enum Scope {
    FILE,
    MANAGEMENT,
    /// A node, or what nodes inherit.
    NODE,
    CONFIG,
    LINK
  }

  /// A key and why it does nothing.
  ///
  /// @param soAnyway the value for which nothing need be said, because it is so; empty for none
  private record Row(
      Scope scope, String key, Set<RuntimeKind> runtimes, String soAnyway, String reason) {}

  private static final Set<RuntimeKind> BOTH = EnumSet.allOf(RuntimeKind.class);
  private static final String OTHER_SYSTEMS = "it is for network operating systems";
  private static final String ONE_RUNTIME = "all nodes of a lab are what --runtime says";
  private static final String NO_GROUPS = "nodes have no control group of their own";

  private static final List<Row> ROWS =
      List.of(
          row(Scope.FILE, "settings", OTHER_SYSTEMS),
          row(Scope.FILE, "debug", "false", "nothing more could be told"),
          row(
              Scope.MANAGEMENT,
              "external-access",
              "false",
              "nodes reach each other and nothing outside of the lab"),
          row(
              Scope.MANAGEMENT,
              "skip-when-unused",
              "false",
              "the bridge is in a namespace of the lab, where it is in nobody's way"),
          row(Scope.MANAGEMENT, "driver-opts", "the network is a bridge of the lab, not of Docker"),
          in(NETNS, "image-pull-policy", "Never", "images are programs of this machine"),
          in(NETNS, "volumes", "", "what a node writes is gone with it: use binds"),
          in(NETNS, "cpu", "", "processors are not limited"),
          in(NETNS, "cpu-set", "", "processors are not limited"),
          in(NETNS, "memory", "", "memory is not limited"),
          in(NETNS, "cgroup-parent", "", NO_GROUPS),
          in(NETNS, "cgroupns-mode", "", NO_GROUPS),
          in(NETNS, "pid-mode", "", "a node sees its own processes only"),
          in(NETNS, "privileged", "true", "a node has every right of root"),
          in(NETNS, "security-opts", "", "a node has every right of root"),
          in(NETNS, "devices", "", "a node has all devices of this machine, by their own names"),
          in(NETNS, "runtime", "", ONE_RUNTIME),
          in(DOCKER, "runtime", "docker", ONE_RUNTIME),
          row(
              Scope.NODE,
              "ports",
              "no port of this machine is taken: reach the node by: ip netns exec clab-LAB-NODE"
                  + " COMMAND"),
          row(Scope.NODE, "auto-remove", "false", "a node that ended stays until destroy"),
          row(Scope.NODE, "link-apply-mode", "a changed file takes: deploy --reconfigure"),
          row(Scope.NODE, "license", OTHER_SYSTEMS),
          row(Scope.NODE, "certificate", OTHER_SYSTEMS),
          row(Scope.NODE, "components", OTHER_SYSTEMS),
          row(Scope.NODE, "credentials", OTHER_SYSTEMS),
          row(Scope.NODE, "enforce-startup-config", "false", OTHER_SYSTEMS),
          row(Scope.NODE, "suppress-startup-config", "false", OTHER_SYSTEMS),
          row(Scope.CONFIG, "templates", "no configuration is rendered: use binds"),
          row(Scope.LINK, "labels", "a link is known by its ends"));

  private static final Set<NodeField> OF_BRIDGE =
      EnumSet.of(NodeField.KIND, NodeField.GROUP, NodeField.TYPE, NodeField.LABELS);

  /// The keys that have an effect on nodes which run nothing of the lab's.
  private static final Map<Kind, Set<NodeField>> OF_KIND =
      new EnumMap<>(
          Map.of(
              Kind.BRIDGE,
              OF_BRIDGE,
              Kind.HOST,
              OF_BRIDGE,
              Kind.EXT_CONTAINER,
              EnumSet.of(
                  NodeField.KIND,
                  NodeField.GROUP,
                  NodeField.TYPE,
                  NodeField.LABELS,
                  NodeField.EXEC,
                  NodeField.NETWORK_MODE,
                  NodeField.STARTUP_DELAY,
                  NodeField.STAGES,
                  NodeField.CONFIG)));

  private NoEffect() {}

  private static Row row(Scope scope, String key, String reason) {
    return row(scope, key, "", reason);
  }

  private static Row row(Scope scope, String key, String soAnyway, String reason) {
    return new Row(scope, key, BOTH, soAnyway, reason);
  }

  private static Row in(RuntimeKind runtime, String key, String soAnyway, String reason) {
    return new Row(Scope.NODE, key, EnumSet.of(runtime), soAnyway, reason);
  }

  /// Warns of the keys of a section that have no effect on the runtime.
  ///
  /// @param what the section's own key; empty for the file
  static void tell(LabValueReader reading, Scope scope, String what, Yaml.Section section) {
    String before = what.isEmpty() ? "" : what + ".";
    section.entries().forEach((key, entry) -> tell(reading, scope, before + key, key, entry));
  }

  private static void tell(
      LabValueReader reading, Scope scope, String what, String key, Yaml.Entry entry) {
    for (Row row : ROWS) {
      boolean counts =
          row.scope == scope
              && row.key.equals(key)
              && row.runtimes.contains(reading.runtime())
              && !isSoAnyway(row, entry.value());
      if (counts) {
        String where = row.runtimes.equals(BOTH) ? "" : where(reading.runtime());
        reading.noEffect(entry.place(), what, where + ": " + row.reason);
      }
    }
  }

  private static boolean isSoAnyway(Row row, Yaml value) {
    return switch (value) {
      case Yaml.Nothing _ -> true;
      case Yaml.Scalar scalar -> scalar.text().equalsIgnoreCase(row.soAnyway);
      case Yaml.Section section -> section.entries().isEmpty();
      case Yaml.Items items -> items.items().isEmpty();
    };
  }

  /// A runtime in a sentence.
  static String where(RuntimeKind runtime) {
    return switch (runtime) {
      case NETNS -> " in namespaces";
      case DOCKER -> " on containers";
    };
  }

  /// The keys that have an effect on nodes of a kind.
  static Set<NodeField> fieldsOf(Kind kind) {
    return OF_KIND.getOrDefault(kind, EnumSet.allOf(NodeField.class));
  }

  /// Warns of the keys of a node of a kind.
  static void tell(LabValueReader reading, Kind kind, String what, Yaml.Section own) {
    Set<NodeField> fields = fieldsOf(kind);
    own.entries()
        .forEach((key, entry) ->
            NodeField.of(key)
                .ifPresent(field -> {
                  if (fields.contains(field)) {
                    tell(reading, Scope.NODE, what + "." + key, key, entry);
                    inside(reading, field, what + "." + key, entry.value());
                  } else {
                    reading.noEffect(entry.place(), what + "." + key, " on " + thing(kind));
                  }
                }));
  }

  private static void inside(LabValueReader reading, NodeField field, String what, Yaml value) {
    if (value instanceof Yaml.Section section) {
      switch (field) {
        case CONFIG -> tell(reading, Scope.CONFIG, what, section);
        case EXTRAS -> extras(reading, what, section);
        default -> {}
      }
    }
  }

  private static void extras(LabValueReader reading, String what, Yaml.Section section) {
    section
        .entries()
        .forEach((key, entry) -> {
          if (!key.equals(Kind.FRR.word())) {
            reading.noEffect(entry.place(), what + "." + key, ": " + OTHER_SYSTEMS);
          }
        });
  }

  private static String thing(Kind kind) {
    return switch (kind) {
      case LINUX, FRR -> "a node that runs programs";
      case BRIDGE -> "a bridge";
      case HOST -> "what stands for the host: commands run in nodes";
      case EXT_CONTAINER -> "a container that others started";
    };
  }
}
