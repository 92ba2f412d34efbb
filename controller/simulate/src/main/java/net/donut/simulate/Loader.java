package net.donut.simulate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.donut.model.IpAddress;
import net.donut.model.Prefixes;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.UpdateFault;
import net.donut.wire.mrt.MrtPeers;
import net.donut.wire.mrt.MrtRecord;
import org.jspecify.annotations.Nullable;

/// Reads dumps record by record and hands their routes to whom they belong: tables first, then
/// messages, each in the order given.
final class Loader {
  private static final int ESTABLISHED = 6;

  private record End(IpAddress address, long asn) {}

  private final Peers peers;
  private final Progress progress;
  private final LoadCounts counts = new LoadCounts();
  private final Map<End, MrtPeer> known = new HashMap<>();
  private MrtPeers index = new MrtPeers();
  private List<MrtPeer> indexed = List.of();

  Loader(Peers peers, Progress progress) {
    this.peers = peers;
    this.progress = progress;
  }

  /// Throws [BadInput] when a file cannot be read to its end; what came before is in place.
  LoadCounts load(List<Path> files) {
    long begun = System.nanoTime();
    List<Path> tables = new ArrayList<>();
    List<Path> messages = new ArrayList<>();
    for (Path file : files) {
      (beginsWithTable(file) ? tables : messages).add(file);
    }
    tables.forEach(this::read);
    messages.forEach(this::read);
    counts.seconds = (System.nanoTime() - begun) / 1e9;
    return counts;
  }

  private static boolean beginsWithTable(Path file) {
    try (Dump dump = Dump.open(file)) {
      MrtRecord first = dump.next();
      return first instanceof MrtRecord.PeerIndex
          || first instanceof MrtRecord.Rib
          || first instanceof MrtRecord.TableDumpEntry;
    }
  }

  private void read(Path file) {
    index = new MrtPeers();
    try (Dump dump = Dump.open(file)) {
      MrtRecord record = dump.next();
      if (record == null) {
        counts.empty.add(dump.emptiness());
      }
      while (record != null) {
        counts.records++;
        take(dump, record);
        if ((counts.records & 0xfff) == 0) {
          progress.show(dump, counts);
        }
        record = dump.next();
      }
    }
  }

  private void take(Dump dump, MrtRecord record) {
    switch (record) {
      case MrtRecord.PeerIndex table -> {
        index.take(table);
        indexed = table.peers().stream().map(this::peer).toList();
      }
      case MrtRecord.Rib rib -> take(dump, rib);
      case MrtRecord.TableDumpEntry entry -> take(dump, entry);
      case MrtRecord.Message message -> take(dump, message);
      case MrtRecord.StateChange change -> take(change);
      case MrtRecord.Faulty faulty -> {
        counts.incomplete = true;
        counts.complain(
            "not decodable: " + kind(faulty.reason()), dump.place(record) + ": " + faulty.reason());
      }
      case MrtRecord.Unknown unknown -> {
        counts.unknownRecords++;
        counts.skipped.count(unknown.kind(), 1);
      }
    }
  }

  /// A reason without its figures, so that equal ones are counted together.
  private static String kind(String reason) {
    return reason.replaceAll("[0-9]+", "N");
  }

  private MrtPeer peer(MrtRecord.Peer peer) {
    MrtPeer full = new MrtPeer(peer.address(), peer.asn(), peer.routerId());
    known.put(new End(peer.address(), peer.asn()), full);
    return full;
  }

  private MrtPeer peer(IpAddress address, long asn) {
    return known.computeIfAbsent(
        new End(address, asn), end -> new MrtPeer(end.address(), end.asn(), null));
  }

  private void take(Dump dump, MrtRecord.Rib rib) {
    complain(dump, rib, rib.faults());
    counts.incomplete |= hasLost(rib.faults());
    if (rib.entries().isEmpty() && rib.faults().isEmpty()) {
      counts.skipped.count("table record without entries", 1);
    }
    Prefixes prefix = Prefixes.of(rib.prefix());
    for (MrtRecord.RibEntry entry : rib.entries()) {
      if (index.of(entry) == null) {
        counts.unknownPeerEntries++;
        counts.incomplete = true;
        String missing = index.missing(entry);
        counts.complain(
            "entry left out: " + kind(missing),
            dump.place(rib) + ": " + rib.prefix() + ": " + missing);
        continue;
      }
      counts.entries++;
      peers
          .sink(indexed.get(entry.peerIndex()), entry.pathId())
          .announce(prefix, entry.attributes());
    }
  }

  private static boolean hasLost(List<UpdateFault> faults) {
    for (UpdateFault fault : faults) {
      if (fault.action() == UpdateFault.Action.TREAT_AS_WITHDRAW) {
        return true;
      }
    }
    return false;
  }

  private void take(Dump dump, MrtRecord.TableDumpEntry entry) {
    complain(dump, entry, entry.faults());
    counts.entries++;
    peers
        .sink(peer(entry.peerAddress(), entry.peerAs()), MrtRecord.NO_PATH_ID)
        .announce(Prefixes.of(entry.prefix()), entry.attributes());
  }

  private void take(MrtRecord.StateChange change) {
    if (change.oldState() == ESTABLISHED && change.newState() != ESTABLISHED) {
      counts.sessionsLost++;
      peers.sinks(peer(change.peerAddress(), change.peerAs())).forEach(RouteSink::clear);
    } else {
      counts.skipped.count("state change that loses no session", 1);
    }
  }

  private void take(Dump dump, MrtRecord.Message message) {
    if (message.sender() != MrtRecord.Sender.PEER) {
      counts.skipped.count("message of the collector itself", 1);
      return;
    }
    if (!(message.message() instanceof BgpMessage.Update update)) {
      counts.skipped.count(message.kind(), 1);
      return;
    }
    complain(dump, message, update.faults());
    skipMulticast(message);
    if (update.announcements().isEmpty()
        && update.withdrawals().isEmpty()
        && update.faults().isEmpty()) {
      counts.skipped.count(message.kind(), 1);
      return;
    }
    MrtPeer peer = peer(message.peerAddress(), message.peerAs());
    int[] pathIds = message.pathIds();
    int at = 0;
    for (Prefixes prefixes : update.withdrawals()) {
      counts.withdrawals += prefixes.size();
      apply(peer, prefixes, pathIds, at, null);
      at += prefixes.size();
    }
    for (BgpMessage.Announcement announcement : update.announcements()) {
      counts.entries += announcement.prefixes().size();
      apply(peer, announcement.prefixes(), pathIds, at, announcement);
      at += announcement.prefixes().size();
    }
  }

  private void skipMulticast(MrtRecord.Message message) {
    BgpMessage.Update multicast = message.multicast();
    int routes = multicast.withdrawals().stream().mapToInt(Prefixes::size).sum();
    for (BgpMessage.Announcement announcement : multicast.announcements()) {
      routes += announcement.prefixes().size();
    }
    if (routes > 0) {
      counts.skipped.count("multicast route", routes);
    }
  }

  private void apply(
      MrtPeer peer,
      Prefixes prefixes,
      int[] pathIds,
      int at,
      BgpMessage.@Nullable Announcement announcement) {
    if (pathIds.length == 0) {
      apply(peers.sink(peer, MrtRecord.NO_PATH_ID), prefixes, announcement);
      return;
    }
    for (int i = 0; i < prefixes.size(); i++) {
      long pathId = Integer.toUnsignedLong(pathIds[at + i]);
      apply(peers.sink(peer, pathId), Prefixes.of(prefixes.get(i)), announcement);
    }
  }

  private static void apply(
      RouteSink sink, Prefixes prefixes, BgpMessage.@Nullable Announcement announcement) {
    if (announcement == null) {
      sink.withdraw(prefixes);
    } else {
      sink.announce(prefixes, announcement.attributes());
    }
  }

  private void complain(Dump dump, MrtRecord record, List<UpdateFault> faults) {
    for (UpdateFault fault : faults) {
      String action = fault.action().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
      counts.complain(
          action + ": " + kind(Objects.requireNonNull(fault.message())),
          dump.place(record) + ": " + fault.message());
    }
  }
}
