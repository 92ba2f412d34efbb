package net.donut.simulate;

import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// A neighbor of the collector. The BGP identifier is known from a peer index only.
record MrtPeer(IpAddress address, long asn, @Nullable IpAddress routerId) {
  @Override
  public String toString() {
    return address + " AS" + asn;
  }
}
