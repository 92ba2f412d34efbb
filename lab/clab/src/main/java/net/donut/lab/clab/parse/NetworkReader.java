package net.donut.lab.clab.parse;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.donut.lab.clab.model.NetworkMode;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// The network of a node beside its links.
///
/// @param what the node, for messages
record NetworkReader(Inherited fields, String what) {
  /// What needs a management interface.
  private static final Set<NodeField> OF_MANAGEMENT =
      EnumSet.of(NodeField.MGMT_IPV4, NodeField.MGMT_IPV6, NodeField.ALIASES);

  /// What a container has from the one whose network it joins.
  private static final Set<NodeField> OF_NETWORK = EnumSet.of(NodeField.HOSTNAME, NodeField.DNS);

  private LabValueReader reading() {
    return fields.reading();
  }

  NodeDefinition.Network read() {
    Yaml.Section dns =
        reading()
            .section(
                what + ".dns", fields.tree(NodeField.DNS), Set.of("servers", "search", "options"));
    NetworkMode mode = mode();
    boolean isManaged = mode instanceof NetworkMode.Own;
    if (!isManaged) {
      unused(OF_MANAGEMENT, ": the node has no management interface");
    }
    if (mode instanceof NetworkMode.Of && reading().runtime() == RuntimeKind.DOCKER) {
      unused(OF_NETWORK, NoEffect.where(RuntimeKind.DOCKER) + ": it is that of the other node");
    }
    return new NodeDefinition.Network(
        mode,
        isManaged ? address(NodeField.MGMT_IPV4, "an IPv4 address") : "",
        isManaged ? address(NodeField.MGMT_IPV6, "an IPv6 address") : "",
        isManaged ? aliases() : List.of(),
        new NodeDefinition.NameService(
            texts(dns, "servers"), texts(dns, "search"), texts(dns, "options")));
  }

  private void unused(Set<NodeField> unused, String reason) {
    for (NodeField field : unused) {
      if (fields.value(field) != null) {
        String mode = " with network-mode " + fields.text(NodeField.NETWORK_MODE);
        reading().noEffect(fields.place(field), what + "." + field.key(), mode + reason);
      }
    }
  }

  private List<String> aliases() {
    for (Yaml.Scalar alias : fields.scalars(NodeField.ALIASES)) {
      if (!alias.text().matches("[a-zA-Z0-9][a-zA-Z0-9._-]*")) {
        reading().error(alias.place(), what + ".aliases", alias.found(), "a name of a machine");
      }
    }
    return fields.texts(NodeField.ALIASES);
  }

  private List<String> texts(Yaml.@Nullable Section dns, String key) {
    return dns == null ? List.of() : reading().plainTexts(what + ".dns", dns, key);
  }

  private NetworkMode mode() {
    String mode = fields.text(NodeField.NETWORK_MODE);
    return switch (mode) {
      case "", "bridge" -> new NetworkMode.Own();
      case "none" -> new NetworkMode.None();
      case "host" -> new NetworkMode.Host();
      default -> {
        if (mode.startsWith("container:")) {
          yield new NetworkMode.Of(mode.substring("container:".length()));
        }
        reading()
            .error(
                fields.place(NodeField.NETWORK_MODE),
                what + ".network-mode",
                "'" + mode + "'",
                "host, none or container:NODE");
        yield new NetworkMode.Own();
      }
    };
  }

  private String address(NodeField field, String expected) {
    String text = fields.text(field);
    if (!text.isEmpty()) {
      try {
        IpAddress.parse(text);
      } catch (IllegalArgumentException e) {
        reading().error(fields.place(field), what + "." + field.key(), "'" + text + "'", expected);
      }
    }
    return text;
  }
}
