package net.donut.bgp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import net.donut.bgp.BgpNeighborConfig.Role;
import net.donut.model.Family;
import net.donut.wire.bgp.BgpMessage.Notification;
import net.donut.wire.bgp.BgpMessage.Open;

/// Why an OPEN was refused, by us or by the neighbor, in words for operators: what was said, what
/// is expected, and where to look. Pure.
final class OpenRefusals {
  private static final int OPEN_ERROR = 2;
  private static final int MULTIPROTOCOL = 1;
  private static final int UNICAST = 1;

  private OpenRefusals() {}

  // What we refuse

  static String version(Open open) {
    return "BGP version: neighbor says " + open.version() + " (expected: 4)";
  }

  static String asn(BgpNeighborConfig config, Open open) {
    String expected =
        config.remoteAs() == 0 ? "1..4294967295" : config.remoteAs() + ", as our policy says";
    return "AS: neighbor says "
        + open.asn()
        + " (expected: "
        + expected
        + "); check as here or the AS number there";
  }

  /// RFC 6286 §2.1: unique inside an AS.
  static String routerId(Open open) {
    String id = open.routerId().toString();
    return open.routerId().ipv4() == 0
        ? "BGP identifier: neighbor says 0.0.0.0 (expected: another); set a router id there"
        : "BGP identifier: neighbor says "
            + id
            + ", which is ours (expected: one of its own, as it is in our AS); check router-id here"
            + " or there";
  }

  static String holdTime(Open open) {
    return "hold time: neighbor says "
        + open.holdTimeSeconds()
        + " s (expected: 0 or 3..65535 s); change it there";
  }

  static String families(BgpNeighborConfig config, Set<Family> announced) {
    return "address families: neighbor offers "
        + (announced.isEmpty() ? "none of ours" : text(announced))
        + " (expected: "
        + text(config.families())
        + "); activate it there";
  }

  private static String text(Set<Family> families) {
    return EnumSet.copyOf(families).stream()
        .map(OpenRefusals::text)
        .collect(Collectors.joining(" and "));
  }

  private static String text(Family family) {
    return switch (family) {
      case IPV4 -> "IPv4";
      case IPV6 -> "IPv6";
    };
  }

  /// `announced` is not what fits `ours`; empty when the neighbor announced none and must.
  static String role(Role ours, SortedSet<Integer> announced) {
    return "role: neighbor says "
        + (announced.isEmpty()
            ? "none"
            : announced.stream().map(OpenRefusals::role).collect(Collectors.joining(" and ")))
        + " (expected: "
        + ours.counterpart().word()
        + ", as our policy makes it "
        + relation(ours)
        + "); check relation here or the role there";
  }

  private static String role(int code) {
    for (Role role : Role.values()) {
      if (role.code() == code) {
        return role.word();
      }
    }
    return "the unassigned " + code;
  }

  private static String relation(Role ours) {
    return switch (ours) {
      case PROVIDER -> "a customer";
      case RS -> "a client of our route server";
      case RS_CLIENT -> "a route server";
      case CUSTOMER -> "a transit";
      case PEER -> "a peer";
    };
  }

  // What the neighbor refuses

  /// What a NOTIFICATION about our OPEN says of our settings, to follow its name; empty for any
  /// other.
  static String why(BgpNeighborConfig config, Notification notification) {
    if (notification.code() != OPEN_ERROR) {
      return "";
    }
    return switch (notification.subcode()) {
      case 1 -> ": neighbor does not speak BGP version 4, which we say";
      case 2 ->
          ": we say AS "
              + config.localAs()
              + ", neighbor expects another; check as here or the AS number for us there";
      case 3 ->
          ": we say BGP identifier "
              + config.routerId()
              + ", neighbor expects another; check router-id here and there: they must differ";
      case 4 ->
          ": neighbor does not know capabilities; the next OPEN goes without or with them again";
      case 5 ->
          ": neighbor wants an authentication that BGP no longer has; check the password there";
      case 6 ->
          ": we say hold time "
              + config.holdTimeSeconds()
              + " s, neighbor expects another; check hold-time here or its limit there";
      case 7 -> ": " + missing(config, notification.data());
      case 11 -> ": " + roleHere(config);
      default -> "";
    };
  }

  private static String missing(BgpNeighborConfig config, byte[] data) {
    List<String> wanted = capabilities(data);
    return "we offer "
        + text(config.families())
        + ", neighbor expects "
        + (wanted.isEmpty() ? "more or another" : String.join(" and ", wanted))
        + "; check the address families here and there";
  }

  /// The capabilities listed in the data (RFC 5492 §5), as far as they can be read.
  private static List<String> capabilities(byte[] data) {
    ByteBuf in = Unpooled.wrappedBuffer(data);
    List<String> names = new ArrayList<>();
    while (in.readableBytes() >= 2) {
      int code = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (in.readableBytes() < length) {
        break;
      }
      names.add(capability(code, in.readSlice(length)));
    }
    return names;
  }

  private static String capability(int code, ByteBuf value) {
    if (code != MULTIPROTOCOL || value.readableBytes() != 4) {
      return "capability " + code;
    }
    int afi = value.readUnsignedShort();
    int safi = value.skipBytes(1).readUnsignedByte();
    for (Family family : Family.values()) {
      if (family.afi() == afi && safi == UNICAST) {
        return text(family);
      }
    }
    return "AFI " + afi + " SAFI " + safi;
  }

  private static String roleHere(BgpNeighborConfig config) {
    Role role = config.role();
    return role == null
        ? "we say no role, neighbor insists on one; switch that off there"
        : "we say role "
            + role.word()
            + ", as our policy makes it "
            + relation(role)
            + " (expected of the neighbor: "
            + role.counterpart().word()
            + "); check relation here or the role there";
  }
}
