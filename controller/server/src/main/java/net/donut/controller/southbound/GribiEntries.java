package net.donut.controller.southbound;

import com.google.protobuf.ByteString;
import gribi_aft.GribiAft.Afts;
import org.jspecify.annotations.Nullable;
import ywrapper.Ywrapper.BytesValue;
import ywrapper.Ywrapper.StringValue;
import ywrapper.Ywrapper.UintValue;

/// Intended values as gRIBI entries.
final class GribiEntries {
  /// Of a deletion of a route that neighbors withdrew: the agent's removal budget does not count
  /// it.
  static final BytesValue WITHDRAWN =
      BytesValue.newBuilder().setValue(ByteString.copyFromUtf8("withdrawn")).build();

  private static final ByteString OVERRIDE = ByteString.copyFromUtf8("override ");

  private GribiEntries() {}

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

  /// A prefix on a group; group 0 leaves it out, as deletions do. No metadata when that is null.
  static Afts.Ipv4EntryKey ipv4(String prefix, long group, @Nullable BytesValue metadata) {
    Afts.Ipv4Entry.Builder content = Afts.Ipv4Entry.newBuilder();
    if (group != 0) {
      content.setNextHopGroup(number(group));
    }
    if (metadata != null) {
      content.setEntryMetadata(metadata);
    }
    Afts.Ipv4EntryKey.Builder entry = Afts.Ipv4EntryKey.newBuilder().setPrefix(prefix);
    if (group != 0 || metadata != null) {
      entry.setIpv4Entry(content);
    }
    return entry.build();
  }

  static Afts.Ipv6EntryKey ipv6(String prefix, long group, @Nullable BytesValue metadata) {
    Afts.Ipv6Entry.Builder content = Afts.Ipv6Entry.newBuilder();
    if (group != 0) {
      content.setNextHopGroup(number(group));
    }
    if (metadata != null) {
      content.setEntryMetadata(metadata);
    }
    Afts.Ipv6EntryKey.Builder entry = Afts.Ipv6EntryKey.newBuilder().setPrefix(prefix);
    if (group != 0 || metadata != null) {
      entry.setIpv6Entry(content);
    }
    return entry.build();
  }

  /// What an agent is to know of a prefix under an override: it ends that by itself.
  static BytesValue override(long milliseconds, long group) {
    String text = "override ms=" + milliseconds + " then=" + Long.toUnsignedString(group);
    return BytesValue.newBuilder().setValue(ByteString.copyFromUtf8(text)).build();
  }

  static boolean isOverride(BytesValue metadata) {
    return metadata.getValue().startsWith(OVERRIDE);
  }

  private static UintValue number(long value) {
    return UintValue.newBuilder().setValue(value).build();
  }

  private static StringValue text(String value) {
    return StringValue.newBuilder().setValue(value).build();
  }
}
