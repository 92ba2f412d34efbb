package net.donut.lab.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import net.donut.lab.table.RoutingTable.Announcement;
import net.donut.model.AsPath;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;

/// Gives every prefix of a list a path, as each of several feeds would announce it; the same seed
/// gives the same paths.
///
/// One network originates 13 prefixes on average, few many and many few; two prefixes in a row
/// mostly have one origin. It reaches the feeds through one to three providers and these through
/// backbones. A feed announces an origin's prefixes with one set of attributes or a few. Rates are
/// those of [AttributeMix].
public final class PathGenerator {
  private static final IpAddress NONE = IpAddress.ofIpv4(0);
  private static final int PREFIXES_PER_ORIGIN = 13;
  private static final int BACKBONES = 15;
  private static final int VARIANTS = 4;

  private final Prefixes prefixes;
  private final long seed;
  private final long[] backbones;
  private final long[] regionals;
  private final long[] origins;
  // By prefix: origin * VARIANTS + variant. Prefixes of one key share their attributes at each
  // feed.
  private final int[] keys;

  /// @param taken AS numbers that no generated network may have
  public PathGenerator(Prefixes prefixes, long seed, Set<Long> taken) {
    this.prefixes = prefixes;
    this.seed = seed;
    SplittableRandom random = new SplittableRandom(seed);
    Set<Long> used = new HashSet<>(taken);
    backbones = asns(random, BACKBONES, used);
    origins = asns(random, Math.max(20, prefixes.size() / PREFIXES_PER_ORIGIN), used);
    regionals = asns(random, Math.max(10, origins.length / 15), used);
    keys = keys(random);
  }

  private static long[] asns(SplittableRandom random, int count, Set<Long> used) {
    long[] asns = new long[count];
    for (int i = 0; i < count; i++) {
      asns[i] = newAsn(random, used);
    }
    return asns;
  }

  /// A public number that nobody has yet: two of three in 16 bits, as long as there are.
  static long newAsn(SplittableRandom random, Set<Long> used) {
    while (true) {
      long asn =
          random.nextInt(3) > 0 && used.size() < 60_000
              ? 1_000 + random.nextInt(62_000)
              : 131_072 + random.nextInt(270_000);
      if (asn != 23_456 && used.add(asn)) {
        return asn;
      }
    }
  }

  /// Runs of prefixes with one origin. Origin i of n gets a share that falls as i^-3/4.
  private int[] keys(SplittableRandom random) {
    int[] keys = new int[prefixes.size()];
    int i = 0;
    while (i < keys.length) {
      int origin = (int) (Math.pow(random.nextDouble(), 4) * origins.length);
      int variant = random.nextInt(4) == 0 ? 1 + random.nextInt(VARIANTS - 1) : 0;
      do {
        keys[i++] = origin * VARIANTS + variant;
      } while (i < keys.length && random.nextInt(9) < 4);
    }
    return keys;
  }

  /// All prefixes as one feed announces them, grouped by attributes. As in [Announcement], paths
  /// lack the feed's own number and the next hop is not set.
  public List<Announcement> feed(long asn) {
    int[] starts = new int[origins.length * VARIANTS + 1];
    for (int key : keys) {
      starts[key + 1]++;
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    int[] next = starts.clone();
    int[] byKey = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      byKey[next[keys[i]]++] = i;
    }
    List<Announcement> announcements = new ArrayList<>();
    for (int key = 0; key + 1 < starts.length; key++) {
      if (starts[key] < starts[key + 1]) {
        Prefixes.Builder group =
            new Prefixes.Builder(prefixes.family(), starts[key + 1] - starts[key]);
        for (int at = starts[key]; at < starts[key + 1]; at++) {
          int i = byKey[at];
          group.add(prefixes.high(i), prefixes.low(i), prefixes.length(i));
        }
        announcements.add(new Announcement(attributes(asn, key), group.build()));
      }
    }
    return announcements;
  }

  private PathAttributes attributes(long feed, int key) {
    SplittableRandom shared = stream(key / VARIANTS, -1);
    SplittableRandom own = stream(key, feed);
    // Half of the paths are as long at every feed as the origin is far away.
    int far = AttributeMix.hops(shared);
    int hops = own.nextBoolean() ? far : AttributeMix.hops(own);
    long origin = origins[key / VARIANTS];
    List<Long> path = path(own, shared, origin, hops - 1);
    PathAttributes.Builder attributes =
        PathAttributes.builder(
            Origin.IGP, AsPath.of(path.stream().mapToLong(Long::longValue).toArray()), NONE);
    AttributeMix.draw(own, attributes, feed, path.getFirst(), origin);
    return attributes.build();
  }

  /// A stream of numbers that depends on what it is for and not on the order of drawing.
  private SplittableRandom stream(long what, long feed) {
    return new SplittableRandom((seed * 1_000_003 + what) * 0x9e37_79b9_7f4a_7c15L + feed);
  }

  /// `networks` distinct networks, the last of them the origin, some of them more than once.
  private List<Long> path(
      SplittableRandom own, SplittableRandom shared, long origin, int networks) {
    List<Long> path = new ArrayList<>();
    path.add(origin);
    long[] providers = new long[1 + shared.nextInt(3)];
    for (int i = 0; i < providers.length; i++) {
      providers[i] = regionals[(int) (Math.pow(shared.nextDouble(), 2) * regionals.length)];
    }
    if (networks > 1) {
      path.addFirst(providers[own.nextInt(providers.length)]);
    }
    while (path.size() < networks) {
      // Nearest to the feed a backbone; in long paths further regionals behind it.
      long[] kind = path.size() + 1 < networks && path.size() > 2 ? regionals : backbones;
      long asn = kind[own.nextInt(kind.length)];
      if (!path.contains(asn)) {
        path.addFirst(asn);
      }
    }
    int prepends = AttributeMix.prepends(own);
    if (prepends > 0) {
      int at = own.nextBoolean() ? path.size() - 1 : own.nextInt(path.size());
      for (int i = 0; i < prepends; i++) {
        path.add(at, path.get(at));
      }
    }
    return path;
  }
}
