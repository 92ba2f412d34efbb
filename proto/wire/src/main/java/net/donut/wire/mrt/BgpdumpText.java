package net.donut.wire.mrt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import net.donut.model.Aggregator;
import net.donut.model.Asn;
import net.donut.model.Communities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.UpdateFault;
import net.donut.wire.mrt.MrtRecord.Header;

/// Writes records as the lines of `bgpdump -m`: one line per route, fields separated by `|`.
///
/// Keeps the last peer index, for the entries that follow it. Used by one thread at a time.
public final class BgpdumpText {
  private static final int[] NO_PATH_IDS = {};

  private final MrtPeers peers = new MrtPeers();

  /// Appends the lines of a record, each ended by a line feed, and says what became of the rest of
  /// it.
  public Printed append(MrtRecord record, StringBuilder out) {
    return switch (record) {
      case MrtRecord.PeerIndex index -> {
        peers.take(index);
        yield Printed.KEPT;
      }
      case MrtRecord.Rib rib -> appendRib(rib, out);
      case MrtRecord.TableDumpEntry entry -> {
        appendEntry(entry, out);
        yield new Printed(1, "", messages(prefix(entry.prefix()), entry.faults()));
      }
      case MrtRecord.Message message -> appendMessage(message, out);
      case MrtRecord.StateChange change -> {
        appendStateChange(change, out);
        yield Printed.lines(1);
      }
      case MrtRecord.Unknown unknown -> Printed.skipped(RecordNames.of(unknown.header()));
      case MrtRecord.Faulty faulty -> new Printed(0, "", List.of(faulty.reason()));
    };
  }

  private static Printed appendMessage(MrtRecord.Message message, StringBuilder out) {
    if (!(message.message() instanceof BgpMessage.Update update)) {
      return Printed.skipped(message.kind());
    }
    int before = out.length();
    appendUpdate(message, update, out);
    int lines = 0;
    for (int i = before; i < out.length(); i++) {
      lines += out.charAt(i) == '\n' ? 1 : 0;
    }
    List<String> problems = messages("", update.faults());
    boolean empty = lines == 0 && problems.isEmpty();
    return new Printed(lines, empty ? message.kind() : "", problems);
  }

  private static String prefix(Prefix prefix) {
    return prefix + ": ";
  }

  private static List<String> messages(String before, List<UpdateFault> faults) {
    return faults.isEmpty()
        ? List.of()
        : faults.stream().map(fault -> before + fault.message()).toList();
  }

  private Printed appendRib(MrtRecord.Rib rib, StringBuilder out) {
    String prefix = text(rib.prefix());
    List<String> problems = new ArrayList<>(messages(prefix(rib.prefix()), rib.faults()));
    int lines = 0;
    for (MrtRecord.RibEntry entry : rib.entries()) {
      MrtRecord.Peer peer = peers.of(entry);
      if (peer == null) {
        problems.add(prefix(rib.prefix()) + peers.missing(entry));
        continue;
      }
      lines++;
      boolean addPath = entry.pathId() != MrtRecord.NO_PATH_ID;
      out.append(addPath ? "TABLE_DUMP2_AP|" : "TABLE_DUMP2|")
          .append(rib.header().seconds())
          .append("|B|");
      appendPeer(peer.address(), peer.asn(), out);
      out.append(prefix);
      if (addPath) {
        out.append('|').append(entry.pathId());
      }
      appendAttributes(entry.attributes(), out);
    }
    boolean empty = lines == 0 && problems.isEmpty();
    return new Printed(lines, empty ? "table record without entries" : "", problems);
  }

  private static void appendEntry(MrtRecord.TableDumpEntry entry, StringBuilder out) {
    out.append("TABLE_DUMP|").append(entry.header().seconds()).append("|B|");
    appendPeer(entry.peerAddress(), entry.peerAs(), out);
    out.append(text(entry.prefix()));
    appendAttributes(entry.attributes(), out);
  }

  private static void appendPeer(IpAddress address, long asn, StringBuilder out) {
    out.append(text(address)).append('|').append(asn).append('|');
  }

  /// Withdrawals first, IPv4 first, unicast first.
  private static void appendUpdate(
      MrtRecord.Message message, BgpMessage.Update update, StringBuilder out) {
    int[] pathIds = message.pathIds();
    for (Family family : Family.values()) {
      int at = 0;
      for (Prefixes prefixes : update.withdrawals()) {
        if (prefixes.family() == family) {
          appendWithdrawal(message, prefixes, from(pathIds, at), out);
        }
        at += prefixes.size();
      }
      for (Prefixes prefixes : message.multicast().withdrawals()) {
        if (prefixes.family() == family) {
          appendWithdrawal(message, prefixes, NO_PATH_IDS, out);
        }
      }
    }
    int at = update.withdrawals().stream().mapToInt(Prefixes::size).sum();
    for (BgpMessage.Announcement announcement : update.announcements()) {
      appendAnnouncement(message, announcement, from(pathIds, at), out);
      at += announcement.prefixes().size();
    }
    for (BgpMessage.Announcement announcement : message.multicast().announcements()) {
      appendAnnouncement(message, announcement, NO_PATH_IDS, out);
    }
  }

  private static int[] from(int[] pathIds, int start) {
    return pathIds.length == 0 ? NO_PATH_IDS : Arrays.copyOfRange(pathIds, start, pathIds.length);
  }

  private static void appendWithdrawal(
      MrtRecord.Message message, Prefixes prefixes, int[] pathIds, StringBuilder out) {
    for (int i = 0; i < prefixes.size(); i++) {
      appendPrefix(message, "W", prefixes.get(i), out);
      if (pathIds.length > 0) {
        out.append('|').append(Integer.toUnsignedString(pathIds[i]));
      }
      out.append('\n');
    }
  }

  private static void appendAnnouncement(
      MrtRecord.Message message,
      BgpMessage.Announcement announcement,
      int[] pathIds,
      StringBuilder out) {
    StringBuilder attributes = new StringBuilder();
    appendAttributes(announcement.attributes(), attributes);
    for (int i = 0; i < announcement.prefixes().size(); i++) {
      appendPrefix(message, "A", announcement.prefixes().get(i), out);
      if (pathIds.length > 0) {
        out.append('|').append(Integer.toUnsignedString(pathIds[i]));
      }
      out.append(attributes);
    }
  }

  private static void appendPrefix(
      MrtRecord.Message message, String kind, Prefix prefix, StringBuilder out) {
    out.append(format(message)).append('|').append(time(message.header())).append('|');
    out.append(kind).append('|');
    appendPeer(message.peerAddress(), message.peerAs(), out);
    out.append(text(prefix));
  }

  private static String format(MrtRecord.Message message) {
    Header header = message.header();
    if (header.type() == RecordDecoder.BGP) {
      return "BGP";
    }
    return (header.type() == RecordDecoder.BGP4MP_ET ? "BGP4MP_ET" : "BGP4MP")
        + (message.sender() == MrtRecord.Sender.COLLECTOR ? "_LOCAL" : "")
        + (message.pathIds().length > 0 ? "_AP" : "");
  }

  private static String time(Header header) {
    return header.type() == RecordDecoder.BGP4MP_ET
        ? String.format(Locale.ROOT, "%d.%06d", header.seconds(), header.microseconds())
        : Long.toString(header.seconds());
  }

  private static void appendStateChange(MrtRecord.StateChange change, StringBuilder out) {
    String format =
        switch (change.header().type()) {
          case RecordDecoder.BGP -> "BGP";
          case RecordDecoder.BGP4MP_ET -> "BGP4MP_ET";
          default -> "BGP4MP";
        };
    out.append(format).append('|').append(time(change.header())).append("|STATE|");
    appendPeer(change.peerAddress(), change.peerAs(), out);
    out.append(change.oldState()).append('|').append(change.newState()).append('\n');
  }

  /// Everything behind the prefix: path, origin, next hop, preference, metric, communities,
  /// aggregation, aggregator.
  private static void appendAttributes(PathAttributes attributes, StringBuilder out) {
    out.append('|')
        .append(attributes.asPath())
        .append('|')
        .append(attributes.origin())
        .append('|')
        .append(text(attributes.nextHop()))
        .append('|')
        .append(Math.max(0, attributes.localPref()))
        .append('|')
        .append(Math.max(0, attributes.med()))
        .append('|');
    appendCommunities(attributes.communities(), out);
    out.append(attributes.atomicAggregate() ? "|AG|" : "|NAG|");
    Aggregator aggregator = attributes.aggregator();
    if (aggregator != null) {
      out.append(Asn.text((int) aggregator.asn())).append(' ').append(aggregator.address());
    }
    out.append("|\n");
  }

  private static void appendCommunities(Communities communities, StringBuilder out) {
    String separator = "";
    for (int value : communities.values()) {
      out.append(separator)
          .append(
              switch (value) {
                case Communities.NO_EXPORT -> "no-export";
                case Communities.NO_ADVERTISE -> "no-advertise";
                case Communities.NO_EXPORT_SUBCONFED -> "local-AS";
                default -> Communities.text(value);
              });
      separator = " ";
    }
  }

  private static String text(Prefix prefix) {
    return text(prefix.address()) + "/" + prefix.length();
  }

  private static String text(IpAddress address) {
    return address.family() == Family.IPV4 ? address.toString() : ipv6(address);
  }

  /// RFC: one group of zeros is not shortened (RFC 5952 §4.2.2), and an IPv4-compatible address is
  /// deprecated.
  ///
  /// Here: as bgpdump does it, a single zero becomes `::`, and `::2` is `::0.0.0.2`.
  private static String ipv6(IpAddress address) {
    long low = address.low();
    if (address.high() == 0 && (low >>> 32) == 0 && low > 1) {
      return "::" + IpAddress.ofIpv4((int) low);
    }
    if (address.high() == 0 && (low >>> 32) == 0xffff) {
      return "::ffff:" + IpAddress.ofIpv4((int) low);
    }
    int[] groups = groups(address);
    int longest = longestZeros(groups);
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == longest) {
        text.append(i == 0 ? "::" : ":");
        i += zeros(groups, i) - 1;
      } else {
        text.append(Integer.toHexString(groups[i])).append(i == 7 ? "" : ":");
      }
    }
    return text.toString();
  }

  private static int[] groups(IpAddress address) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      long half = i < 4 ? address.high() : address.low();
      groups[i] = (int) (half >>> (48 - 16 * (i & 3))) & 0xffff;
    }
    return groups;
  }

  /// Where the longest run of zeros begins, the first of several; -1 when there is none.
  private static int longestZeros(int[] groups) {
    int best = -1;
    int length = 0;
    for (int i = 0; i < 8; i++) {
      int zeros = zeros(groups, i);
      if (zeros > length) {
        best = i;
        length = zeros;
      }
    }
    return best;
  }

  private static int zeros(int[] groups, int from) {
    int at = from;
    while (at < 8 && groups[at] == 0) {
      at++;
    }
    return at - from;
  }
}
