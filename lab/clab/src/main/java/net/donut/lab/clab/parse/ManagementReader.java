package net.donut.lab.clab.parse;

import java.util.Set;
import net.donut.lab.clab.model.FilePlace;
import net.donut.lab.clab.model.Management;
import net.donut.lab.clab.model.Management.Subnet;
import org.jspecify.annotations.Nullable;

/// `mgmt` of a file.
record ManagementReader(LabValueReader reading) {
  private static final Set<String> KEYS =
      Set.of(
          "network",
          "bridge",
          "ipv4-subnet",
          "ipv6-subnet",
          "ipv4-gw",
          "ipv6-gw",
          "ipv4-range",
          "ipv6-range",
          "mtu",
          "external-access",
          "skip-when-unused",
          "driver-opts");
  private static final String NETWORK = "clab";
  private static final int MTU = 1500;

  Management read(Yaml.@Nullable Entry entry) {
    Yaml.Section section = entry == null ? null : reading.section("mgmt", entry.value(), KEYS);
    if (section == null) {
      Subnet none = new Subnet("", "", "");
      return new Management(
          NETWORK, "", none, none, MTU, new FilePlace(reading.file().toString(), 1));
    }
    NoEffect.tell(reading, NoEffect.Scope.MANAGEMENT, "mgmt", section);
    String network = text(section, "network");
    return new Management(
        network.isEmpty() ? NETWORK : network,
        text(section, "bridge"),
        subnet(section, "ipv4"),
        subnet(section, "ipv6"),
        reading.number("mgmt", section, "mtu", 68, 65535, MTU),
        section.place());
  }

  private Subnet subnet(Yaml.Section section, String family) {
    return new Subnet(
        text(section, family + "-subnet"),
        text(section, family + "-gw"),
        text(section, family + "-range"));
  }

  private String text(Yaml.Section section, String key) {
    return reading.text("mgmt", section, key);
  }
}
