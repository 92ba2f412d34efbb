package net.donut.lab.clab.model;

import java.util.Locale;
import net.donut.model.IpAddress;

/// What a link leads to that is not of the lab: the network of this machine.
public sealed interface Outside {

  /// Whoever is reached by an interface of this machine.
  ///
  /// @param parent the interface
  record Macvlan(String parent, Mode mode) implements Outside {}

  /// A node on another machine, at the end of a tunnel over this machine's network.
  ///
  /// @param vni 1..16777215
  /// @param sourcePort 0 for what the kernel takes
  record Vxlan(IpAddress remote, int vni, int destinationPort, int sourcePort) implements Outside {}

  /// Whom else on the same interface a macvlan hears.
  enum Mode {
    /// The other macvlans.
    BRIDGE,
    /// The other macvlans, where a switch sends frames back.
    VEPA,
    /// Nobody.
    PRIVATE,
    /// There is no other.
    PASSTHRU;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
