package net.donut.wire.mrt;

import java.util.Arrays;
import java.util.List;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.UpdateFault;

/// A record of an MRT dump (RFC 6396).
public sealed interface MrtRecord {

  /// The path identifier of a route in a dump without them.
  long NO_PATH_ID = -1;

  Header header();

  /// What every record begins with, and where it stands.
  ///
  /// @param number from 1
  /// @param offset where the record begins, in bytes of the decompressed stream
  /// @param seconds Unix time
  /// @param microseconds 0..999999, 0 unless the type has an extended timestamp
  /// @param type such as 12 TABLE_DUMP, 13 TABLE_DUMP_V2, 16 BGP4MP, 17 BGP4MP_ET
  /// @param subtype as the type defines it
  /// @param length of the record after its first 12 bytes
  record Header(
      long number,
      long offset,
      long seconds,
      int microseconds,
      int type,
      int subtype,
      long length) {}

  /// A neighbor of the collector.
  record Peer(IpAddress routerId, IpAddress address, long asn) {}

  /// PEER_INDEX_TABLE (RFC 6396 §4.3.1): whom the entries of the table that follows come from.
  record PeerIndex(Header header, IpAddress collectorId, String view, List<Peer> peers)
      implements MrtRecord {
    public PeerIndex {
      peers = List.copyOf(peers);
    }
  }

  /// One neighbor's route to the prefix of a [Rib]. `peerIndex` counts from 0 in the last
  /// [PeerIndex]; `pathId` 0..4294967295, or [MrtRecord#NO_PATH_ID]. The next hop is
  /// [net.donut.wire.bgp.BgpArchive#NO_NEXT_HOP] when the dump does not say it.
  record RibEntry(int peerIndex, long originatedSeconds, long pathId, PathAttributes attributes) {}

  /// RIB_IPV4_UNICAST and the like (RFC 6396 §4.3.2, §4.3.3; RFC 8050 §4): all routes to a prefix.
  /// `faults` tells of malformed attributes; an entry whose routes RFC 7606 treats as withdrawn is
  /// left out of `entries`.
  record Rib(
      Header header, long sequence, Prefix prefix, List<RibEntry> entries, List<UpdateFault> faults)
      implements MrtRecord {
    public Rib {
      entries = List.copyOf(entries);
      faults = List.copyOf(faults);
    }
  }

  /// TABLE_DUMP (RFC 6396 §4.2) or the older BGP4MP_ENTRY: one neighbor's route to a prefix.
  record TableDumpEntry(
      Header header,
      int view,
      int sequence,
      Prefix prefix,
      long originatedSeconds,
      IpAddress peerAddress,
      long peerAs,
      PathAttributes attributes,
      List<UpdateFault> faults)
      implements MrtRecord {
    public TableDumpEntry {
      faults = List.copyOf(faults);
    }
  }

  /// A message between the collector and a neighbor (RFC 6396 §4.4).
  ///
  /// @param sender who sent the message
  /// @param pathIds of an update's prefixes, first those of its withdrawals, then those of its
  ///   announcements; empty in a dump without them. Never written
  /// @param multicast the routes of SAFI 2 of an update, which are for another table
  record Message(
      Header header,
      Sender sender,
      long peerAs,
      long localAs,
      IpAddress peerAddress,
      IpAddress localAddress,
      BgpMessage message,
      int[] pathIds,
      BgpMessage.Update multicast)
      implements MrtRecord {
    /// The type of the message, such as `KEEPALIVE`; of an update without a route we read
    /// (attributes only, or another address family) what it is.
    public String kind() {
      return switch (message) {
        case BgpMessage.Open _ -> "OPEN";
        case BgpMessage.Keepalive _ -> "KEEPALIVE";
        case BgpMessage.Notification _ -> "NOTIFICATION";
        case BgpMessage.RouteRefresh _ -> "ROUTE-REFRESH";
        case BgpMessage.EndOfRib _ -> "End-of-RIB";
        case BgpMessage.Update update ->
            update.announcements().isEmpty() && update.withdrawals().isEmpty()
                ? "UPDATE without IPv4 and IPv6 routes"
                : "UPDATE";
      };
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Message that
          && header.equals(that.header)
          && sender == that.sender
          && peerAs == that.peerAs
          && localAs == that.localAs
          && peerAddress.equals(that.peerAddress)
          && localAddress.equals(that.localAddress)
          && message.equals(that.message)
          && Arrays.equals(pathIds, that.pathIds)
          && multicast.equals(that.multicast);
    }

    @Override
    public int hashCode() {
      return 31 * header.hashCode() + message.hashCode();
    }
  }

  /// Which end of a session sent a message.
  enum Sender {
    PEER,
    COLLECTOR
  }

  /// A neighbor's session changed state (RFC 6396 §4.4.1); states as the FSM numbers them, 1 Idle
  /// .. 6 Established.
  record StateChange(
      Header header,
      long peerAs,
      long localAs,
      IpAddress peerAddress,
      IpAddress localAddress,
      int oldState,
      int newState)
      implements MrtRecord {}

  /// A type or subtype this reader does not interpret; skipped.
  record Unknown(Header header) implements MrtRecord {
    /// The type by name where it has one, such as `RIB_IPV4_MULTICAST` or `OSPFv2`.
    public String kind() {
      return RecordNames.of(header);
    }
  }

  /// A record that is framed but whose contents are wrong; `reason` says what was found and what
  /// was expected.
  record Faulty(Header header, String reason) implements MrtRecord {}
}
