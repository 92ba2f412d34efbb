package net.donut.simulate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import net.donut.model.AsPath;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.mrt.MrtReader;
import net.donut.wire.mrt.MrtRecord;
import org.jspecify.annotations.Nullable;

/// The plain decision once more, with maps and a filter a step, straight from RFC 4271 §9.1.2.2; it
/// shares nothing with the engine but the reader of dumps.
final class NaiveBest {
  record Who(IpAddress address, long asn) {}

  record Key(Who who, @Nullable IpAddress routerId, long pathId) {}

  record Candidate(Key key, PathAttributes path) {
    long localPref() {
      return path.localPref() < 0 ? 100 : path.localPref();
    }

    long med() {
      return path.med() < 0 ? 0 : path.med();
    }

    int length() {
      int length = 0;
      for (AsPath.Segment segment : path.asPath().segments()) {
        length +=
            switch (segment.type()) {
              case AS_SEQUENCE -> segment.asns().length;
              case AS_SET -> 1;
              case AS_CONFED_SEQUENCE, AS_CONFED_SET -> 0;
            };
      }
      return length;
    }

    /// The leftmost AS; the peer's where the path begins with a set, or is empty.
    long neighborAs() {
      for (AsPath.Segment segment : path.asPath().segments()) {
        if (segment.type() == AsPath.SegmentType.AS_SET) {
          return Math.max(1, key.who().asn());
        }
        if (segment.type() == AsPath.SegmentType.AS_SEQUENCE && segment.asns().length > 0) {
          return Integer.toUnsignedLong(segment.asns()[0]);
        }
      }
      return Math.max(1, key.who().asn());
    }

    @SuppressWarnings("EnumOrdinal")
    int origin() {
      return path.origin().ordinal();
    }
  }

  final Map<Prefix, Map<Key, PathAttributes>> heard = new TreeMap<>();
  private final Map<Who, IpAddress> routerIds = new HashMap<>();

  void readAll(List<Path> files) throws IOException {
    for (Path file : files) {
      try (MrtReader reader = MrtReader.open(file)) {
        List<MrtRecord.Peer> index = List.of();
        MrtRecord record = reader.next();
        while (record != null) {
          if (record instanceof MrtRecord.PeerIndex table) {
            index = table.peers();
            index.forEach(
                peer -> routerIds.put(new Who(peer.address(), peer.asn()), peer.routerId()));
          }
          read(record, index);
          record = reader.next();
        }
      }
    }
  }

  private void read(MrtRecord record, List<MrtRecord.Peer> index) {
    switch (record) {
      case MrtRecord.Rib rib -> {
        for (MrtRecord.RibEntry entry : rib.entries()) {
          MrtRecord.Peer peer = index.get(entry.peerIndex());
          Who who = new Who(peer.address(), peer.asn());
          put(rib.prefix(), new Key(who, peer.routerId(), entry.pathId()), entry.attributes());
        }
      }
      case MrtRecord.TableDumpEntry entry ->
          put(
              entry.prefix(),
              key(entry.peerAddress(), entry.peerAs(), MrtRecord.NO_PATH_ID),
              entry.attributes());
      case MrtRecord.StateChange change -> {
        if (change.oldState() == 6 && change.newState() != 6) {
          Who who = new Who(change.peerAddress(), change.peerAs());
          heard.values().forEach(paths -> paths.keySet().removeIf(key -> key.who().equals(who)));
        }
      }
      case MrtRecord.Message message -> {
        if (message.sender() == MrtRecord.Sender.PEER
            && message.message() instanceof BgpMessage.Update update) {
          update(message, update);
        }
      }
      case MrtRecord.PeerIndex _, MrtRecord.Unknown _, MrtRecord.Faulty _ -> {}
    }
  }

  private Key key(IpAddress address, long asn, long pathId) {
    Who who = new Who(address, asn);
    return new Key(who, routerIds.get(who), pathId);
  }

  private void update(MrtRecord.Message message, BgpMessage.Update update) {
    int at = 0;
    for (Prefixes prefixes : update.withdrawals()) {
      for (Prefix prefix : prefixes) {
        heard.getOrDefault(prefix, new HashMap<>()).remove(key(message, at++));
      }
    }
    for (BgpMessage.Announcement announcement : update.announcements()) {
      for (Prefix prefix : announcement.prefixes()) {
        put(prefix, key(message, at++), announcement.attributes());
      }
    }
  }

  private Key key(MrtRecord.Message message, int at) {
    int[] ids = message.pathIds();
    long pathId = ids.length == 0 ? MrtRecord.NO_PATH_ID : Integer.toUnsignedLong(ids[at]);
    return key(message.peerAddress(), message.peerAs(), pathId);
  }

  private void put(Prefix prefix, Key key, PathAttributes path) {
    heard.computeIfAbsent(prefix, one -> new HashMap<>()).put(key, path);
  }

  /// The rows of `--best`.
  List<String> rows() {
    List<String> rows = new ArrayList<>();
    heard.forEach((prefix, paths) -> {
      if (!paths.isEmpty()) {
        List<Candidate> candidates = new ArrayList<>();
        paths.forEach((key, path) -> candidates.add(new Candidate(key, path)));
        rows.add(row(prefix, candidates));
      }
    });
    return rows;
  }

  private static String row(Prefix prefix, List<Candidate> candidates) {
    String step = "only-path";
    List<Candidate> left = candidates;
    for (Round round : ROUNDS) {
      List<Candidate> remaining = round.filter().apply(left);
      if (remaining.size() < left.size()) {
        step = round.name();
        left = remaining;
      }
    }
    Candidate best = left.getFirst();
    return String.join(
        "\t",
        prefix.toString(),
        best.key().who().address().toString(),
        Long.toString(best.key().who().asn()),
        best.path().asPath().toString(),
        step);
  }

  private interface Filter {
    List<Candidate> apply(List<Candidate> candidates);
  }

  private record Round(String name, Filter filter) {}

  private static final List<Round> ROUNDS =
      List.of(
          new Round("preference", lowest(candidate -> -candidate.localPref())),
          new Round("as-path-length", lowest(Candidate::length)),
          new Round("origin", lowest(Candidate::origin)),
          new Round("med", NaiveBest::lowestMeds),
          new Round("router-id", NaiveBest::lowestRouterId),
          new Round("neighbor-address", NaiveBest::lowestAddress),
          new Round("name", NaiveBest::lowestPathId));

  private static Filter lowest(ToLongFunction<Candidate> key) {
    return candidates -> {
      long best = candidates.stream().mapToLong(key).min().orElseThrow();
      return candidates.stream().filter(one -> key.applyAsLong(one) == best).toList();
    };
  }

  private static List<Candidate> lowestMeds(List<Candidate> all) {
    return all.stream()
        .filter(one ->
            all.stream()
                .noneMatch(
                    other -> other.neighborAs() == one.neighborAs() && other.med() < one.med()))
        .toList();
  }

  private static List<Candidate> lowestRouterId(List<Candidate> all) {
    return least(
        all,
        Comparator.comparing(
            (Candidate one) -> one.key().routerId(),
            Comparator.nullsLast(Comparator.<IpAddress>naturalOrder())));
  }

  private static List<Candidate> lowestAddress(List<Candidate> all) {
    return least(all, Comparator.comparing((Candidate one) -> one.key().who().address()));
  }

  private static List<Candidate> lowestPathId(List<Candidate> all) {
    return least(
        all,
        Comparator.comparing((Candidate one) -> "AS" + one.key().who().asn())
            .thenComparingLong(one -> one.key().pathId()));
  }

  private static List<Candidate> least(List<Candidate> all, Comparator<Candidate> order) {
    Candidate least = all.stream().min(order).orElseThrow();
    return all.stream().filter(one -> order.compare(one, least) == 0).toList();
  }
}
