package net.donut.controller.southbound;

import com.google.protobuf.ByteString;
import gribi_aft.GribiAft.Afts;
import ywrapper.Ywrapper.BytesValue;
import ywrapper.Ywrapper.StringValue;
import ywrapper.Ywrapper.UintValue;

/// Intended values as gRIBI entries.
final class Entries {
  private static final BytesValue WITHDRAWN =
      BytesValue.newBuilder().setValue(ByteString.copyFromUtf8("withdrawn")).build();

  private Entries() {}

  /// A next hop without address and interface is a discard.
  static Afts.NextHop nextHop(Intent.NextHop content) {
    Afts.NextHop.Builder nextHop = Afts.NextHop.newBuilder();
    if (!content.address().isEmpty()) {
      nextHop.setIpAddress(text(content.address()));
    }
    if (!content.interfaceName().isEmpty()) {
      nextHop.setInterfaceRef(
          Afts.NextHop.InterfaceRef.newBuilder().setInterface(text(content.interfaceName())));
    }
    return nextHop.build();
  }

  static Afts.NextHopGroup group(Intent.Group content) {
    Afts.NextHopGroup.Builder group =
        Afts.NextHopGroup.newBuilder()
            .addNextHop(
                Afts.NextHopGroup.NextHopKey.newBuilder()
                    .setIndex(content.nextHop())
                    .setNextHop(Afts.NextHopGroup.NextHop.newBuilder().setWeight(number(1))));
    if (content.backup() != 0) {
      group.setBackupNextHopGroup(number(content.backup()));
    }
    return group.build();
  }

  /// A prefix on a group; group 0 leaves the content out, as deletions do.
  static Afts.Ipv4EntryKey ipv4(String prefix, long group) {
    Afts.Ipv4EntryKey.Builder entry = Afts.Ipv4EntryKey.newBuilder().setPrefix(prefix);
    if (group != 0) {
      entry.setIpv4Entry(Afts.Ipv4Entry.newBuilder().setNextHopGroup(number(group)));
    }
    return entry.build();
  }

  static Afts.Ipv6EntryKey ipv6(String prefix, long group) {
    Afts.Ipv6EntryKey.Builder entry = Afts.Ipv6EntryKey.newBuilder().setPrefix(prefix);
    if (group != 0) {
      entry.setIpv6Entry(Afts.Ipv6Entry.newBuilder().setNextHopGroup(number(group)));
    }
    return entry.build();
  }

  /// A deletion of a route that neighbors withdrew: the agent's removal budget does not count it.
  static Afts.Ipv4EntryKey withdrawnIpv4(String prefix) {
    return Afts.Ipv4EntryKey.newBuilder()
        .setPrefix(prefix)
        .setIpv4Entry(Afts.Ipv4Entry.newBuilder().setEntryMetadata(WITHDRAWN))
        .build();
  }

  static Afts.Ipv6EntryKey withdrawnIpv6(String prefix) {
    return Afts.Ipv6EntryKey.newBuilder()
        .setPrefix(prefix)
        .setIpv6Entry(Afts.Ipv6Entry.newBuilder().setEntryMetadata(WITHDRAWN))
        .build();
  }

  private static UintValue number(long value) {
    return UintValue.newBuilder().setValue(value).build();
  }

  private static StringValue text(String value) {
    return StringValue.newBuilder().setValue(value).build();
  }
}
