package net.donut.simulate;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.donut.model.AsPath;
import net.donut.model.AsPath.Segment;
import net.donut.model.AsPath.SegmentType;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;

/// Seeded dumps in which everything ties with everything: few AS numbers, lengths and metrics.
final class RandomDump {
  private RandomDump() {}

  static void write(Path file, MrtWriter.Form form, Random random, int prefixes, int peerCount)
      throws IOException {
    List<MrtPeer> peers = new ArrayList<>();
    for (int i = 0; i < peerCount; i++) {
      peers.add(
          new MrtPeer(
              IpAddress.ofIpv4(0xc0000200 + (i * 37 & 0xff)),
              100 + random.nextInt(3),
              IpAddress.ofIpv4(random.nextInt(3) - 1)));
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      MrtWriter writer = new MrtWriter(out, form, peers);
      for (int i = 0; i < prefixes; i++) {
        Prefix prefix = Prefix.masked(IpAddress.ofIpv4(random.nextInt()), random.nextInt(33));
        List<MrtWriter.Entry> entries = new ArrayList<>();
        for (int n = 1 + random.nextInt(2 * peerCount); n > 0; n--) {
          entries.add(
              new MrtWriter.Entry(
                  random.nextInt(peerCount), random.nextInt(4) - 2, attributes(random)));
        }
        writer.write(prefix, entries);
      }
    }
  }

  @SuppressWarnings("EnumOrdinal")
  private static PathAttributes attributes(Random random) {
    PathAttributes.Builder builder =
        PathAttributes.builder(
            random.nextInt(4) == 0 ? Origin.INCOMPLETE : Origin.IGP,
            path(random),
            IpAddress.ofIpv4(0xc0000201));
    if (random.nextInt(2) == 0) {
      builder.med(random.nextInt(3) == 0 ? 0xffff_ffffL : random.nextInt(3));
    }
    switch (random.nextInt(10)) {
      case 0 -> builder.localPref(100);
      case 1 -> builder.localPref(99);
      case 2 -> builder.localPref(0xffff_ffffL);
      default -> {}
    }
    return builder.build();
  }

  @SuppressWarnings("EnumOrdinal")
  private static AsPath path(Random random) {
    List<Segment> segments = new ArrayList<>();
    int count = random.nextInt(8) == 0 ? random.nextInt(3) : 1;
    for (int i = 0; i < count; i++) {
      SegmentType type =
          random.nextInt(4) > 0
              ? SegmentType.AS_SEQUENCE
              : SegmentType.values()[random.nextInt(SegmentType.values().length)];
      int[] asns = new int[1 + random.nextInt(2)];
      for (int at = 0; at < asns.length; at++) {
        asns[at] = 100 + random.nextInt(3);
      }
      segments.add(new Segment(type, asns));
    }
    return new AsPath(segments);
  }
}
