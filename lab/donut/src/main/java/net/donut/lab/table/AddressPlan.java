package net.donut.lab.table;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;

/// Draws distinct prefixes with the lengths of the real table: blocks that do not overlap, and more
/// specifics inside them. Keeps clear of special-purpose space (RFC 6890).
final class AddressPlan {
  /// A prefix and the block it lies in; for a block, itself.
  record Drawn(Prefix prefix, Prefix block) {}

  // Per mille of the table at each length, most frequent last.
  private static final int[][] IPV4_LENGTHS = {
    {10, 1}, {12, 3}, {14, 6}, {15, 8}, {16, 30}, {17, 14}, {18, 24}, {19, 40}, {20, 55}, {21, 60},
    {22, 115}, {23, 90}, {24, 554}
  };
  private static final int[][] IPV6_LENGTHS = {
    {28, 8}, {29, 40}, {30, 6}, {31, 4}, {32, 210}, {33, 15}, {36, 50}, {40, 95}, {42, 22},
    {44, 100}, {46, 30}, {47, 20}, {48, 400}
  };
  private static final List<Prefix> SPECIAL =
      List.of(
          Prefix.parse("0.0.0.0/8"),
          Prefix.parse("10.0.0.0/8"),
          Prefix.parse("100.64.0.0/10"),
          Prefix.parse("127.0.0.0/8"),
          Prefix.parse("169.254.0.0/16"),
          Prefix.parse("172.16.0.0/12"),
          Prefix.parse("192.0.0.0/16"),
          Prefix.parse("192.88.99.0/24"),
          Prefix.parse("192.168.0.0/16"),
          Prefix.parse("198.18.0.0/15"),
          Prefix.parse("198.51.100.0/24"),
          Prefix.parse("203.0.113.0/24"));
  private static final long[] IPV6_REGIONS = {0x2400L, 0x2600L, 0x2800L, 0x2a00L, 0x2c00L};

  private final SplittableRandom random;

  AddressPlan(SplittableRandom random) {
    this.random = random;
  }

  /// `count` distinct prefixes, blocks before what lies in them.
  List<Drawn> draw(Family family, int count) {
    List<Integer> lengths = lengths(family, count);
    // Two of seven prefixes at the common lengths lie inside another block, as in the real table.
    int nestLength = family == Family.IPV4 ? 22 : 44;
    List<Integer> blocks = new ArrayList<>();
    List<Integer> nested = new ArrayList<>();
    for (int length : lengths) {
      boolean inside = length >= nestLength && random.nextInt(7) < 2;
      (inside ? nested : blocks).add(length);
    }
    List<Prefix> drawn = family == Family.IPV4 ? ipv4Blocks(blocks) : ipv6Blocks(blocks);
    Set<Prefix> seen = new LinkedHashSet<>(drawn);
    List<Drawn> all = new ArrayList<>(count);
    drawn.forEach(block -> all.add(new Drawn(block, block)));
    List<Prefix> hosts = drawn.stream().filter(block -> block.length() <= nestLength - 2).toList();
    for (int length : nested) {
      all.add(specific(hosts.isEmpty() ? drawn : hosts, length, seen));
    }
    return all;
  }

  private List<Integer> lengths(Family family, int count) {
    int[][] shares = family == Family.IPV4 ? IPV4_LENGTHS : IPV6_LENGTHS;
    int total = 0;
    for (int[] share : shares) {
      total += share[1];
    }
    // The longest prefixes of a large table are all that fit into the space.
    boolean large = count > 60_000;
    List<Integer> lengths = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int at = random.nextInt(total);
      int pick = 0;
      while (at >= shares[pick][1]) {
        at -= shares[pick++][1];
      }
      lengths.add(large ? Math.max(shares[pick][0], 18) : shares[pick][0]);
    }
    return lengths;
  }

  private List<Prefix> ipv4Blocks(List<Integer> lengths) {
    long used = 0;
    for (int length : lengths) {
      used += 1L << (32 - length);
    }
    long free = Math.max(0, (long) ((223L << 24) * 0.8) - 2 * used);
    long gap = Math.max(1, 2 * free / Math.max(1, lengths.size()));
    List<Prefix> blocks = new ArrayList<>(lengths.size());
    long cursor = 1L << 24;
    for (int length : lengths) {
      long size = 1L << (32 - length);
      cursor += random.nextLong(gap) & -256L;
      Prefix block = ipv4At(cursor, length, size);
      cursor = (Integer.toUnsignedLong(block.address().ipv4())) + size;
      blocks.add(block);
    }
    return blocks;
  }

  /// The first free block at or after `from`.
  private static Prefix ipv4At(long from, int length, long size) {
    long start = (from + size - 1) & -size;
    while (true) {
      if (start + size > 224L << 24) {
        throw new IllegalStateException(
            "IPv4 space: used up at /" + length + " (expected: a smaller table)");
      }
      Prefix block = Prefix.ofIpv4((int) start, length);
      Prefix clash = null;
      for (Prefix special : SPECIAL) {
        if (special.contains(block) || block.contains(special)) {
          clash = special;
        }
      }
      if (clash == null) {
        return block;
      }
      long end = Integer.toUnsignedLong(clash.lastAddress().ipv4()) + 1;
      start = (Math.max(end, start + 1) + size - 1) & -size;
    }
  }

  private List<Prefix> ipv6Blocks(List<Integer> lengths) {
    long[] cursors = new long[IPV6_REGIONS.length];
    List<Prefix> blocks = new ArrayList<>(lengths.size());
    for (int length : lengths) {
      int region = random.nextInt(cursors.length);
      // Every block starts a /28 of its own: no overlap, and room around it as registries leave.
      cursors[region] += 1 + random.nextInt(2);
      long high = (IPV6_REGIONS[region] << 48) + (cursors[region] << 36);
      blocks.add(Prefix.masked(IpAddress.ofIpv6(high, 0), length));
    }
    return blocks;
  }

  private Drawn specific(List<Prefix> hosts, int length, Set<Prefix> seen) {
    while (true) {
      Prefix block = hosts.get(random.nextInt(hosts.size()));
      int longer = Math.max(length, Math.min(block.length() + 1, longest(block.family())));
      long part = random.nextLong(1L << Math.min(30, longer - block.length()));
      Prefix prefix =
          Prefix.masked(block.family(), block.high() | part << (64 - longer), block.low(), longer);
      if (seen.add(prefix)) {
        return new Drawn(prefix, block);
      }
    }
  }

  private static int longest(Family family) {
    return family == Family.IPV4 ? 24 : 48;
  }
}
