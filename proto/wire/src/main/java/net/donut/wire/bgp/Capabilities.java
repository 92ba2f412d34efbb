package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;

/// Reads and writes capabilities (RFC 5492 §4).
///
/// RFC 5492 leaves a known capability of a wrong length open. Here it is kept as
/// [Capability.Unknown], so that it has no effect; only a broken FOUR_OCTET_AS is an error, because
/// the session could not be read without it.
final class Capabilities {
  private static final int MULTIPROTOCOL = 1;
  private static final int ROUTE_REFRESH = 2;
  private static final int EXTENDED_NEXT_HOP = 5;
  private static final int EXTENDED_MESSAGE = 6;
  private static final int ROLE = 9;
  private static final int GRACEFUL_RESTART = 64;
  private static final int FOUR_OCTET_AS = 65;
  private static final int ADD_PATH = 69;
  private static final int ENHANCED_ROUTE_REFRESH = 70;

  private static final int UNICAST = 1;
  private static final int AFI_IPV4 = 1;
  private static final int AFI_IPV6 = 2;

  private Capabilities() {}

  /// Reads capabilities up to index `end` into `into`.
  static void read(ByteBuf in, int end, List<Capability> into) {
    while (in.readerIndex() < end) {
      int left = end - in.readerIndex();
      int length = left < 2 ? 0 : in.getUnsignedByte(in.readerIndex() + 1);
      if (left < 2 + length) {
        throw MessageFaults.open(
            MessageFaults.OPEN_UNSPECIFIC,
            MessageFaults.NO_DATA,
            "capability bytes: " + left + " (expected: at least " + (2 + length) + ")");
      }
      int code = in.readUnsignedByte();
      int valueEnd = in.skipBytes(1).readerIndex() + length;
      Capability known = readKnown(code, in, length);
      into.add(known == null ? unknown(code, in, valueEnd - length, length) : known);
      in.readerIndex(valueEnd);
    }
  }

  private static Capability unknown(int code, ByteBuf in, int start, int length) {
    if (code == FOUR_OCTET_AS) {
      throw MessageFaults.open(
          MessageFaults.OPEN_UNSPECIFIC,
          MessageFaults.NO_DATA,
          "FOUR_OCTET_AS capability length: " + length + " (expected: 4)");
    }
    byte[] value = new byte[length];
    in.getBytes(start, value);
    return new Capability.Unknown(code, value);
  }

  /// Null when the code or the form of the value is not known.
  private static @Nullable Capability readKnown(int code, ByteBuf in, int length) {
    return switch (code) {
      case MULTIPROTOCOL -> length == 4 ? readMultiprotocol(in) : null;
      case ROUTE_REFRESH -> length == 0 ? new Capability.RouteRefresh() : null;
      case EXTENDED_NEXT_HOP -> readExtendedNextHop(in, length);
      case EXTENDED_MESSAGE -> length == 0 ? new Capability.ExtendedMessage() : null;
      case ROLE -> length == 1 ? new Capability.Role(in.readUnsignedByte()) : null;
      case GRACEFUL_RESTART -> readGracefulRestart(in, length);
      case FOUR_OCTET_AS -> length == 4 ? new Capability.FourOctetAs(in.readUnsignedInt()) : null;
      case ADD_PATH -> readAddPath(in, length);
      case ENHANCED_ROUTE_REFRESH -> length == 0 ? new Capability.EnhancedRouteRefresh() : null;
      default -> null;
    };
  }

  /// The family of AFI and SAFI, null when it is not one of ours.
  static @Nullable Family family(int afi, int safi) {
    if (safi != UNICAST) {
      return null;
    }
    return afi == AFI_IPV4 ? Family.IPV4 : afi == AFI_IPV6 ? Family.IPV6 : null;
  }

  private static @Nullable Capability readMultiprotocol(ByteBuf in) {
    int afi = in.readUnsignedShort();
    int safi = in.skipBytes(1).readUnsignedByte();
    Family family = family(afi, safi);
    return family == null ? null : new Capability.Multiprotocol(family);
  }

  private static @Nullable Capability readExtendedNextHop(ByteBuf in, int length) {
    if (length % 6 != 0) {
      return null;
    }
    boolean ours = false;
    for (int i = 0; i < length; i += 6) {
      int afi = in.readUnsignedShort();
      int safi = in.readUnsignedShort();
      ours |= in.readUnsignedShort() == AFI_IPV6 && family(afi, safi) == Family.IPV4;
    }
    return ours ? new Capability.ExtendedNextHop() : null;
  }

  private static @Nullable Capability readGracefulRestart(ByteBuf in, int length) {
    if (length < 2 || (length - 2) % 4 != 0) {
      return null;
    }
    int word = in.readUnsignedShort();
    List<Capability.GracefulRestart.FamilyState> families = new ArrayList<>();
    for (int i = 2; i < length; i += 4) {
      Family family = family(in.readUnsignedShort(), in.readUnsignedByte());
      boolean forwarding = (in.readUnsignedByte() & 0x80) != 0;
      if (family != null) {
        families.add(new Capability.GracefulRestart.FamilyState(family, forwarding));
      }
    }
    return new Capability.GracefulRestart((word & 0x8000) != 0, word & 0xfff, families);
  }

  /// RFC 7911 §4: a mode outside 1..3 makes its family's entry ignored.
  private static @Nullable Capability readAddPath(ByteBuf in, int length) {
    if (length % 4 != 0) {
      return null;
    }
    List<Capability.AddPath.FamilyMode> families = new ArrayList<>();
    for (int i = 0; i < length; i += 4) {
      Family family = family(in.readUnsignedShort(), in.readUnsignedByte());
      int mode = in.readUnsignedByte();
      if (family != null && mode >= 1 && mode <= 3) {
        families.add(new Capability.AddPath.FamilyMode(family, mode));
      }
    }
    return new Capability.AddPath(families);
  }

  /// Appends code, length and value.
  static void write(Capability capability, ByteBuf out) {
    int lengthIndex = out.writerIndex() + 1;
    out.writeByte(code(capability)).writeByte(0);
    writeValue(capability, out);
    int length = out.writerIndex() - lengthIndex - 1;
    if (length > 255) {
      throw new IllegalArgumentException(
          "capability " + code(capability) + " length: " + length + " (expected: 0..255)");
    }
    out.setByte(lengthIndex, length);
  }

  private static int code(Capability capability) {
    return switch (capability) {
      case Capability.Multiprotocol _ -> MULTIPROTOCOL;
      case Capability.RouteRefresh _ -> ROUTE_REFRESH;
      case Capability.ExtendedNextHop _ -> EXTENDED_NEXT_HOP;
      case Capability.ExtendedMessage _ -> EXTENDED_MESSAGE;
      case Capability.Role _ -> ROLE;
      case Capability.GracefulRestart _ -> GRACEFUL_RESTART;
      case Capability.FourOctetAs _ -> FOUR_OCTET_AS;
      case Capability.AddPath _ -> ADD_PATH;
      case Capability.EnhancedRouteRefresh _ -> ENHANCED_ROUTE_REFRESH;
      case Capability.Unknown(int code, byte[] _) -> code;
    };
  }

  private static void writeValue(Capability capability, ByteBuf out) {
    switch (capability) {
      case Capability.Multiprotocol(Family family) ->
          out.writeShort(family.afi()).writeByte(0).writeByte(UNICAST);
      case Capability.ExtendedNextHop _ ->
          out.writeShort(AFI_IPV4).writeShort(UNICAST).writeShort(AFI_IPV6);
      case Capability.Role(int role) -> out.writeByte(role);
      case Capability.GracefulRestart restart -> {
        out.writeShort((restart.restarting() ? 0x8000 : 0) | (restart.restartSeconds() & 0xfff));
        for (var state : restart.families()) {
          out.writeShort(state.family().afi())
              .writeByte(UNICAST)
              .writeByte(state.forwarding() ? 0x80 : 0);
        }
      }
      case Capability.FourOctetAs(long asn) -> out.writeInt((int) asn);
      case Capability.AddPath(var families) -> {
        for (var mode : families) {
          out.writeShort(mode.family().afi()).writeByte(UNICAST).writeByte(mode.mode());
        }
      }
      case Capability.Unknown(int _, byte[] value) -> out.writeBytes(value);
      case Capability.RouteRefresh _,
          Capability.ExtendedMessage _,
          Capability.EnhancedRouteRefresh _ -> {}
    }
  }
}
