package net.donut.wire.bgp;

import java.util.Arrays;
import java.util.List;
import net.donut.model.Family;

/// A capability of an OPEN (RFC 5492).
public sealed interface Capability {

  /// Code 1 (RFC 4760 §8), for a family we know with SAFI 1.
  record Multiprotocol(Family family) implements Capability {}

  /// Code 2 (RFC 2918).
  record RouteRefresh() implements Capability {}

  /// Code 5 (RFC 8950): IPv4 routes may have an IPv6 next hop.
  record ExtendedNextHop() implements Capability {}

  /// Code 6 (RFC 8654).
  record ExtendedMessage() implements Capability {}

  /// Code 9 (RFC 9234 §4.1); `role` 0 provider, 1 RS, 2 RS-client, 3 customer, 4 peer.
  record Role(int role) implements Capability {}

  /// Code 64 (RFC 4724 §3). `restartSeconds` 0..4095.
  record GracefulRestart(boolean restarting, int restartSeconds, List<FamilyState> families)
      implements Capability {
    /// `forwarding` says that the neighbor kept forwarding for this family over its restart.
    public record FamilyState(Family family, boolean forwarding) {}

    public GracefulRestart {
      families = List.copyOf(families);
    }
  }

  /// Code 65 (RFC 6793).
  record FourOctetAs(long asn) implements Capability {}

  /// Code 69 (RFC 7911). `mode` 1 receive, 2 send, 3 both.
  record AddPath(List<FamilyMode> families) implements Capability {
    /// What is done with the paths of one family: `mode` is 1, 2 or 3.
    public record FamilyMode(Family family, int mode) {}

    public AddPath {
      families = List.copyOf(families);
    }
  }

  /// Code 70 (RFC 7313).
  record EnhancedRouteRefresh() implements Capability {}

  /// Any other, kept byte for byte. The array is never written.
  record Unknown(int code, byte[] value) implements Capability {
    @Override
    public boolean equals(Object other) {
      return other instanceof Unknown that && code == that.code && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return 31 * code + Arrays.hashCode(value);
    }
  }
}
