package net.donut.wire.bgp;

import java.util.Arrays;
import java.util.List;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;

/// A BGP message, decoded (RFC 4271 §4).
public sealed interface BgpMessage {

  /// RFC 4271 §4.2. `asn` is the 4-octet number when the capability was present. Every capability
  /// is kept, known or not, in the order received.
  record Open(
      int version, long asn, int holdTimeSeconds, IpAddress routerId, List<Capability> capabilities)
      implements BgpMessage {
    public Open {
      capabilities = List.copyOf(capabilities);
    }
  }

  /// Prefixes announced with one set of attributes.
  record Announcement(Prefixes prefixes, PathAttributes attributes) {}

  /// RFC 4271 §4.3 with RFC 4760: usually one announcement or one withdrawal, at most one of each a
  /// family.
  ///
  /// `faults` says what RFC 7606 made of malformed attributes; prefixes that it treats as withdrawn
  /// are already in `withdrawals`. A fault that resets the session is thrown as [BgpFault] by the
  /// decoder and never here.
  record Update(
      List<Announcement> announcements, List<Prefixes> withdrawals, List<UpdateFault> faults)
      implements BgpMessage {
    public Update {
      announcements = List.copyOf(announcements);
      withdrawals = List.copyOf(withdrawals);
      faults = List.copyOf(faults);
    }

    public static Update announce(Prefixes prefixes, PathAttributes attributes) {
      return new Update(List.of(new Announcement(prefixes, attributes)), List.of(), List.of());
    }

    public static Update withdraw(Prefixes prefixes) {
      return new Update(List.of(), List.of(prefixes), List.of());
    }
  }

  /// An UPDATE that says the initial routes of a family are complete (RFC 4724 §2).
  record EndOfRib(Family family) implements BgpMessage {}

  /// RFC 4271 §4.5. `code` and `subcode` 0..255. The array is never written.
  record Notification(int code, int subcode, byte[] data) implements BgpMessage {
    @Override
    public boolean equals(Object other) {
      return other instanceof Notification that
          && code == that.code
          && subcode == that.subcode
          && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * code + subcode) + Arrays.hashCode(data);
    }

    /// The words of RFC 4271 §4.5, RFC 4486 and RFC 9003 for code and subcode, with the shutdown
    /// text if there is one.
    @Override
    public String toString() {
      return NotificationText.of(this);
    }
  }

  /// RFC 4271 §4.4.
  record Keepalive() implements BgpMessage {}

  /// RFC 2918; `subtype` 0 normal, 1 begin, 2 end (RFC 7313). `afi`, `safi` as on the wire: they
  /// may be unknown to us.
  record RouteRefresh(int afi, int subtype, int safi) implements BgpMessage {}
}
