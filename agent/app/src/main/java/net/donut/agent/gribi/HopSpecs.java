package net.donut.agent.gribi;

import gribi_aft.GribiAft.Afts;
import net.donut.agent.fib.HopSpec;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// Reads where a next-hop entry leads. Pure.
final class HopSpecs {
  private HopSpecs() {}

  /// Throws IllegalArgumentException when the entry is not valid at all.
  static HopSpec of(Afts.NextHop hop, String instance) {
    String unsupported = unsupported(hop, instance);
    IpAddress address = hop.hasIpAddress() ? IpAddress.parse(hop.getIpAddress().getValue()) : null;
    if (unsupported != null) {
      return new HopSpec.Unsupported(unsupported);
    }
    String interfaceName = interfaceName(hop);
    if (address != null) {
      return new HopSpec.Gateway(address, interfaceName);
    }
    return interfaceName == null ? new HopSpec.Discard() : new HopSpec.Direct(interfaceName);
  }

  /// What the entry asks for that the kernel is not told: it then discards, rather than forward
  /// wrongly.
  private static @Nullable String unsupported(Afts.NextHop hop, String instance) {
    if (hop.getPushedMplsLabelStackCount() > 0) {
      return "pushed_mpls_label_stack: not supported by this forwarding plane";
    }
    if (hop.hasNetworkInstance() && !hop.getNetworkInstance().getValue().equals(instance)) {
      return "network_instance: '"
          + hop.getNetworkInstance().getValue()
          + "' (expected: "
          + instance
          + " or none; lookup in another instance is not supported)";
    }
    if (hop.hasMacAddress()) {
      return "mac_address: not supported (expected: none; ARP and ND resolve it)";
    }
    return null;
  }

  private static @Nullable String interfaceName(Afts.NextHop hop) {
    if (!hop.hasInterfaceRef() || !hop.getInterfaceRef().hasInterface()) {
      return null;
    }
    String name = hop.getInterfaceRef().getInterface().getValue();
    if (name.isEmpty()) {
      throw new IllegalArgumentException("interface: '' (expected: the name of one)");
    }
    long subinterface = hop.getInterfaceRef().getSubinterface().getValue();
    return subinterface == 0 ? name : name + "." + Long.toUnsignedString(subinterface);
  }
}
