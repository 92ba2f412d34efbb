package net.donut.lab.clab.parse;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.donut.lab.clab.model.LinkDefinition;
import net.donut.lab.clab.model.LinkDefinition.Endpoint;
import net.donut.lab.clab.model.Outside;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// Links out of a lab: `macvlan`, `vxlan` and `vxlan-stitch`, which differ in containerlab by where
/// the tunnel's interface is and not by what a node sees.
record OutsideReader(LabValueReader reading, LabLinkReader links) {
  static final String MACVLAN = "macvlan";
  static final String VXLAN = "vxlan";
  private static final int MOST_VNI = (1 << 24) - 1;
  private static final int MOST_PORT = 65_535;

  @Nullable LinkDefinition macvlan(String what, Yaml.Section section) {
    Endpoint end = links.endpoint(what, section);
    String parent = reading.text(what, section, "host-interface");
    if (end == null || parent.isEmpty()) {
      reading.problems().error(section.place(), what + ": (expected: endpoint and host-interface)");
      return null;
    }
    String device = links.device(what, section.place(), parent);
    Endpoint other = Endpoint.at(MACVLAN, device);
    return link(what, section, end, other, new Outside.Macvlan(device, mode(what, section)));
  }

  private Outside.Mode mode(String what, Yaml.Section section) {
    String text = reading.text(what, section, "mode");
    Optional<Outside.Mode> mode =
        Arrays.stream(Outside.Mode.values()).filter(each -> each.word().equals(text)).findFirst();
    if (mode.isEmpty() && !text.isEmpty()) {
      reading.error(
          section.place(),
          what + ".mode",
          "'" + text + "'",
          Arrays.stream(Outside.Mode.values())
              .map(Outside.Mode::word)
              .collect(Collectors.joining(", ")));
    }
    return mode.orElse(Outside.Mode.BRIDGE);
  }

  @Nullable LinkDefinition vxlan(String what, Yaml.Section section) {
    Endpoint end = links.endpoint(what, section);
    IpAddress remote = remote(what, section);
    int vni = reading.number(what, section, "vni", 1, MOST_VNI, 0);
    int port = reading.number(what, section, "dst-port", 1, MOST_PORT, 0);
    if (end == null || remote == null || vni == 0 || port == 0) {
      reading
          .problems()
          .error(section.place(), what + ": (expected: endpoint, remote, vni and dst-port)");
      return null;
    }
    int source = reading.number(what, section, "src-port", 1, MOST_PORT - 1, 0);
    return link(
        what,
        section,
        end,
        Endpoint.at(VXLAN, "vni" + vni),
        new Outside.Vxlan(remote, vni, port, source));
  }

  private @Nullable IpAddress remote(String what, Yaml.Section section) {
    String text = reading.text(what, section, "remote");
    try {
      return IpAddress.parse(text);
    } catch (IllegalArgumentException e) {
      reading.error(section.place(), what + ".remote", "'" + text + "'", "an IP address");
      return null;
    }
  }

  /// A link from a node to the network of this machine.
  LinkDefinition link(String what, Yaml.Section section, Endpoint a, Endpoint b, Outside outside) {
    LinkDefinition link =
        links.link(what, section, LinkDefinition.Type.OUTSIDE, a, b, List.of(), outside);
    return links.unimpaired(
        what, section, link, "leads out of the lab, where nobody measures what arrives");
  }
}
