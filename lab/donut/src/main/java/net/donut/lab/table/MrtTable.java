package net.donut.lab.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import net.donut.lab.net.LabException;
import net.donut.lab.table.RoutingTable.Announcement;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.wire.mrt.MrtFault;
import net.donut.wire.mrt.MrtPeers;
import net.donut.wire.mrt.MrtReader;
import net.donut.wire.mrt.MrtRecord;
import org.jspecify.annotations.Nullable;

/// The routes of real peers of a route collector, for the lab's neighbors to announce.
///
/// Each neighbor becomes one peer of the collector and takes its AS number. Tier 1s are the largest
/// feeds, announced whole, and a default. A Tier 2 announces to us only what it would: routes that
/// go downhill from it, which is to at most two further networks, each with fewer neighbors in the
/// dump than the one before (after Gao: providers have larger degrees than customers).
///
/// @param table what each neighbor hears
/// @param asns the AS number each neighbor takes
/// @param story a line each on who became whom
public record MrtTable(RoutingTable table, Map<String, Long> asns, List<String> story) {
  private static final IpAddress NONE = IpAddress.ofIpv4(0);
  private static final int DOWNHILL_NETWORKS = 3;

  public MrtTable {
    asns = Map.copyOf(asns);
    story = List.copyOf(story);
  }

  /// Which neighbors want a feed, and what is not to be announced by any.
  ///
  /// @param chosen AS numbers the operator gave, by neighbor
  /// @param reserved AS numbers that no neighbor may take: those of the rest of the lab
  /// @param live prefixes of the lab itself
  public record Wish(
      List<String> transits,
      List<String> peers,
      Map<String, Long> chosen,
      Set<Long> reserved,
      List<Prefix> live) {
    public Wish {
      transits = List.copyOf(transits);
      peers = List.copyOf(peers);
      chosen = Map.copyOf(chosen);
      reserved = Set.copyOf(reserved);
      live = List.copyOf(live);
    }
  }

  /// Reads dumps; several are read as one, such as one a family. Throws LabException naming the
  /// file when there is nothing to read.
  public static MrtTable load(List<Path> files, Wish wish) {
    Survey survey = new Survey();
    files.forEach(file -> read(file, survey::add));
    if (survey.feeds.isEmpty()) {
      throw new LabException(
          files + ": no routes (expected: an MRT dump of a table, TABLE_DUMP or TABLE_DUMP_V2)");
    }
    Map<String, Long> asns = survey.choose(wish);
    Collector collector = new Collector(survey, wish, asns);
    files.forEach(file -> read(file, collector::add));
    return collector.table();
  }

  /// One route of one peer of the collector.
  private record Heard(long asn, IpAddress peer, Prefix prefix, PathAttributes attributes) {}

  /// Hands over the routes of a table. What cannot be used ends it: a lab of half a table would
  /// show what nobody sees in the Internet.
  private static void read(Path file, Consumer<Heard> consumer) {
    try (MrtReader reader = MrtReader.open(file)) {
      MrtPeers peers = new MrtPeers();
      MrtRecord record = reader.next();
      if (record == null) {
        throw new LabException(file + ": no record (expected: an MRT dump of a table)");
      }
      while (record != null) {
        switch (record) {
          case MrtRecord.PeerIndex index -> peers.take(index);
          case MrtRecord.Rib rib -> heard(file, rib, peers, consumer);
          case MrtRecord.TableDumpEntry entry ->
              consumer.accept(
                  new Heard(
                      entry.peerAs(), entry.peerAddress(), entry.prefix(), entry.attributes()));
          case MrtRecord.Message _, MrtRecord.StateChange _, MrtRecord.Unknown _ -> {}
          case MrtRecord.Faulty faulty -> throw damaged(file, faulty, faulty.reason());
        }
        record = reader.next();
      }
    } catch (IOException e) {
      throw LabException.of(file, e);
    } catch (MrtFault e) {
      throw new LabException(file + ": " + e.getMessage(), e);
    }
  }

  private static void heard(
      Path file, MrtRecord.Rib rib, MrtPeers peers, Consumer<Heard> consumer) {
    for (MrtRecord.RibEntry entry : rib.entries()) {
      MrtRecord.Peer peer = peers.of(entry);
      if (peer == null) {
        throw damaged(file, rib, peers.missing(entry));
      }
      consumer.accept(new Heard(peer.asn(), peer.address(), rib.prefix(), entry.attributes()));
    }
  }

  private static LabException damaged(Path file, MrtRecord record, String what) {
    return new LabException(
        "%s: record %d at byte %d: %s"
            .formatted(file, record.header().number(), record.header().offset(), what));
  }

  /// The numbers of a path in order, each once where it repeats in a row; empty when the path holds
  /// anything but sequences.
  private static List<Integer> networks(AsPath path) {
    List<Integer> networks = new ArrayList<>();
    for (AsPath.Segment segment : path.segments()) {
      if (segment.type() != AsPath.SegmentType.AS_SEQUENCE) {
        return List.of();
      }
      for (int asn : segment.asns()) {
        if (networks.isEmpty() || networks.getLast() != asn) {
          networks.add(asn);
        }
      }
    }
    return networks;
  }

  /// How large each feed is and how many neighbors each network has: the first reading.
  private static final class Survey {
    final Map<Long, Map<IpAddress, int[]>> feeds = new HashMap<>();
    final Map<Integer, Set<Integer>> neighbors = new HashMap<>();
    private @Nullable AsPath last;

    void add(Heard heard) {
      int[] counts =
          feeds
              .computeIfAbsent(heard.asn, _ -> new HashMap<>())
              .computeIfAbsent(heard.peer, _ -> new int[2]);
      counts[at(heard.prefix.family())]++;
      if (!heard.attributes.asPath().equals(last)) {
        last = heard.attributes.asPath();
        List<Integer> networks = networks(heard.attributes.asPath());
        for (int i = 0; i + 1 < networks.size(); i++) {
          link(networks.get(i), networks.get(i + 1));
          link(networks.get(i + 1), networks.get(i));
        }
      }
    }

    private static int at(Family family) {
      return family == Family.IPV4 ? 0 : 1;
    }

    private void link(int from, int to) {
      neighbors.computeIfAbsent(from, _ -> new HashSet<>()).add(to);
    }

    int degree(int asn) {
      return neighbors.getOrDefault(asn, Set.of()).size();
    }

    /// The largest feed of a network in a family: how many prefixes.
    int size(long asn, Family family) {
      return feeds.getOrDefault(asn, Map.of()).values().stream()
          .mapToInt(counts -> counts[at(family)])
          .max()
          .orElse(0);
    }

    int size(long asn) {
      return size(asn, Family.IPV4) + size(asn, Family.IPV6);
    }

    /// Which of several sessions of a network with the collector is used in a family.
    @Nullable IpAddress session(long asn, Family family) {
      return feeds.getOrDefault(asn, Map.of()).entrySet().stream()
          .filter(entry -> entry.getValue()[at(family)] > 0)
          .max(
              Comparator.comparingInt(
                      (Map.Entry<IpAddress, int[]> entry) -> entry.getValue()[at(family)])
                  .thenComparing(Map.Entry::getKey))
          .map(Map.Entry::getKey)
          .orElse(null);
    }

    Map<String, Long> choose(Wish wish) {
      Map<String, Long> chosen = new LinkedHashMap<>();
      for (String name : wish.chosen.keySet()) {
        long asn = wish.chosen.getOrDefault(name, 0L);
        if (size(asn) == 0) {
          throw new LabException(
              "--as "
                  + name
                  + "="
                  + asn
                  + ": no peer of that AS in the dump (expected one of: "
                  + feeds.keySet().stream()
                      .sorted()
                      .map(String::valueOf)
                      .collect(Collectors.joining(", "))
                  + ")");
        }
        chosen.put(name, asn);
      }
      List<Long> bySize =
          feeds.keySet().stream()
              .filter(asn -> asn > 0 && !wish.reserved.contains(asn))
              .sorted(
                  Comparator.comparingInt((Long asn) -> -rounded(size(asn)))
                      .thenComparingInt(asn -> -degree(asn.intValue()))
                      .thenComparing(asn -> asn))
              .toList();
      Set<Long> free = new LinkedHashSet<>(bySize);
      free.removeAll(chosen.values());
      for (String transit : wish.transits) {
        chosen.computeIfAbsent(transit, name -> take(name, free));
      }
      // Of the rest, those in the middle: neither further giants nor networks with next to no
      // customers.
      List<Long> rest = new ArrayList<>(free);
      rest.sort(Comparator.comparingInt((Long asn) -> -degree(asn.intValue())));
      Set<Long> middle = new LinkedHashSet<>(rest.subList(rest.size() / 3, rest.size()));
      middle.addAll(rest);
      for (String peer : wish.peers) {
        chosen.computeIfAbsent(peer, name -> take(name, middle));
      }
      return chosen;
    }

    /// Feeds within a tenth of each other count as equally large.
    private int rounded(int size) {
      int largest = feeds.keySet().stream().mapToInt(this::size).max().orElse(1);
      return size * 10L >= largest * 9L ? largest : size;
    }

    private static Long take(String name, Set<Long> from) {
      if (from.isEmpty()) {
        throw new LabException(
            "no peer left in the dump for " + name + " (expected: at least one for each neighbor)");
      }
      Long taken = from.iterator().next();
      from.remove(taken);
      return taken;
    }
  }

  /// Takes the routes of the chosen peers: the second reading.
  private static final class Collector {
    private final Survey survey;
    private final Wish wish;
    private final Map<String, Long> asns;
    private final Map<Long, String> names = new HashMap<>();
    private final Map<String, Map<PathAttributes, Map<Family, Set<Prefix>>>> routes =
        new LinkedHashMap<>();

    Collector(Survey survey, Wish wish, Map<String, Long> asns) {
      this.survey = survey;
      this.wish = wish;
      this.asns = asns;
      asns.forEach((name, asn) -> names.put(asn, name));
    }

    void add(Heard heard) {
      String name = names.get(heard.asn);
      if (name == null
          || !heard.peer.equals(survey.session(heard.asn, heard.prefix.family()))
          || heard.prefix.length() == 0
          || overlapsLab(heard.prefix)
          || (wish.peers.contains(name) && !goesDownhill(heard.attributes.asPath()))) {
        return;
      }
      routes
          .computeIfAbsent(name, _ -> new LinkedHashMap<>())
          .computeIfAbsent(asFed(heard), _ -> new EnumMap<>(Family.class))
          .computeIfAbsent(heard.prefix.family(), _ -> new LinkedHashSet<>())
          .add(heard.prefix);
    }

    private boolean overlapsLab(Prefix prefix) {
      for (Prefix live : wish.live) {
        if (live.contains(prefix) || prefix.contains(live)) {
          return true;
        }
      }
      return false;
    }

    private boolean goesDownhill(AsPath path) {
      List<Integer> networks = networks(path);
      if (networks.isEmpty() || networks.size() > DOWNHILL_NETWORKS) {
        return false;
      }
      for (int i = 0; i + 1 < networks.size(); i++) {
        if (survey.degree(networks.get(i + 1)) >= survey.degree(networks.get(i))) {
          return false;
        }
      }
      return true;
    }

    /// The attributes without the peer's own number in front, which the neighbor puts there, and
    /// without what does not cross from one network to the next.
    private static PathAttributes asFed(Heard heard) {
      PathAttributes attributes = heard.attributes;
      return attributes.toBuilder()
          .asPath(withoutFirst(attributes.asPath(), (int) heard.asn))
          .nextHop(NONE)
          .linkLocalNextHop(null)
          .localPref(PathAttributes.ABSENT)
          .unknown(List.of())
          .build();
    }

    private static AsPath withoutFirst(AsPath path, int asn) {
      if (path.neighborAs() != asn || path.segments().isEmpty()) {
        return path;
      }
      AsPath.Segment first = path.segments().getFirst();
      if (first.type() != AsPath.SegmentType.AS_SEQUENCE) {
        return path;
      }
      List<AsPath.Segment> segments = new ArrayList<>();
      if (first.asns().length > 1) {
        segments.add(
            new AsPath.Segment(
                first.type(), java.util.Arrays.copyOfRange(first.asns(), 1, first.asns().length)));
      }
      segments.addAll(path.segments().subList(1, path.segments().size()));
      return new AsPath(segments);
    }

    MrtTable table() {
      Map<String, List<Announcement>> feeds = new HashMap<>();
      List<String> story = new ArrayList<>();
      asns.forEach((name, asn) -> {
        List<Announcement> feed = new ArrayList<>();
        int count = 0;
        for (var group : routes.getOrDefault(name, Map.of()).entrySet()) {
          for (var family : group.getValue().entrySet()) {
            Prefixes prefixes = Prefixes.copyOf(family.getKey(), List.copyOf(family.getValue()));
            feed.add(new Announcement(group.getKey(), prefixes));
            count += prefixes.size();
          }
        }
        boolean transit = wish.transits.contains(name);
        if (transit) {
          feed.addAll(TableGenerator.defaults());
        }
        feeds.put(name, feed);
        story.add(
            "%s is AS%d: %,d of its %,d routes%s"
                .formatted(
                    name,
                    asn,
                    count,
                    survey.size(asn),
                    transit ? " and defaults" : ", those that go downhill from it"));
      });
      return new MrtTable(new RoutingTable(feeds), asns, story);
    }
  }
}
